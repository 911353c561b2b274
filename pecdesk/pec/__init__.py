"""The rules of certified mail (RFC 6109): kinds, certification data, evidence, transmissions, outcomes, deadlines.

Pure values in, values out; no clock, no files, no cryptography of its own.
"""
