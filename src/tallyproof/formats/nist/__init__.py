"""NIST SP 1500-100 v2 election results reporting: model, XML and JSON, reading and writing."""
