"""Mutants that no test can or need notice: the line as it stands and the change, with the reason."""

EXPLAINED: dict[tuple[str, str], str] = {
    (
        "while partial and len(found) < MAX_PATHS:",
        "Lt to LtE",
    ): "one round more; what is over the limit is cut off behind the loop",
    (
        "continue",
        "Continue left out",
    ): "of signed._readable: nothing follows it in the loop",
    (
        "identifier, status, this_update, *more = read_fixed(element, 3, 5)",
        "5 plus one",
    ): "whatever is left after the two optional fields is refused two lines below",
    (
        "if entries is None or entries.data.find(encode(INTEGER, serial), entries.start, entries.end) < 0:",
        "operand 1 left out",
    ): "only saves going through a list that cannot hold the number",
    (
        "if entries is None or entries.data.find(encode(INTEGER, serial), entries.start, entries.end) < 0:",
        "Lt to LtE",
    ): "nothing of a list stands at its very first byte",
    (
        "if entries is None or entries.data.find(encode(INTEGER, serial), entries.start, entries.end) < 0:",
        "0 plus one",
    ): "the same",
    (
        "for certificate, key in zip(path.certificates, path.issuer_keys, strict=True) if path else ():",
        "True turned",
    ): "there is always one key for each certificate",
    (
        "for certificate, key in zip(certificates, issuer_keys, strict=True):",
        "True turned",
    ): "there is always one key for each certificate",
    (
        "return read_fixed(entry, 2, 3)[0].content",
        "3 plus one",
    ): "_revoked_from, which is asked of the same entry, refuses what has more",
    (
        "return self.responder_key == hashlib.sha1(key_bits, usedforsecurity=False).digest()",
        "False turned",
    ): "differs only where the system forbids SHA-1",
    (
        "named = (hashlib.new(self.digest, one, usedforsecurity=False)"
        " for one in (certificate.issuer, issuer_key_bits))",
        "False turned",
    ): "differs only where the system forbids SHA-1",
    (
        "if not about or not is_genuine_response(response, certificate.issuer, issuer_key, lists):",
        "operand 0 left out",
    ): "only saves looking at the signature of an answer about others",
}
