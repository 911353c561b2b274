"""Builders the tests share: made-up authorities, signatures and messages with every fault planted on purpose."""
