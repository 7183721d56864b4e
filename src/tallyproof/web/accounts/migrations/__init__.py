"""How the tables of the accounts came to their form."""
