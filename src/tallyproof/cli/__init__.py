"""The command line: each command reads its request, calls one service and shows the answer."""
