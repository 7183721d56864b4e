"""The words of an election: contest, choice, reporting unit, returns, canvass, evidence."""
