"""Printed papers and calendar files, made from answers."""
