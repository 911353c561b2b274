"""What is measured, side by side with a peer in one run, as ratios. Run by hand:

    python -m tests.benchmarks.importing --count 20000     import against `notmuch new` on the same Maildir
    python -m tests.benchmarks.verifying --count 2000      verification against one `openssl cms -verify` per message
    python -m tests.benchmarks.reading --rows 100000       list and search, process start included

The suite runs each with a few messages, to see that verdicts are counted right; it never looks at the time.
"""
