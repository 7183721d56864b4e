"""One module per page or tab: read the request, ask a service, show the answer."""
