"""Documents a lawyer can file: evidence in, paper and a folder of originals out.

Read in this order: `dossier` (what a proof contains), `report` (dossier to sentences), `page` (those sentences as plain
values), `coverage` and `legible` (hostile strings made printable), `sheet` (the page as data for the typesetter), `pdf`
(set as PDF/A-3a and PDF/UA-1 with the originals embedded, in a child process), `bundle` (PDF, originals and hashes as
one folder or zip).
"""
