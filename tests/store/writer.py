"""A program that writes to a ledger: ADDRESS CASE COUNT (0: until it is killed).

It waits for a line on its input, then prints the number of each event once it is recorded.
"""

import sys

from tallyproof.store.ledger import open_ledger

address, case, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
ledger = open_ledger(address)
written = 0
while count == 0 or written < count:
    event = ledger.append(case, "writer", "written", {"number": written}, secrets={"note": "seen"})
    print(event.sequence, flush=True)
    written += 1
