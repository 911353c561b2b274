"""Mutants that no test can or need notice: the line as it stands and the change, with the reason."""

_FOR_THE_TYPES = "cannot be otherwise there; only the type checker asks"

EXPLAINED: dict[tuple[str, str], str] = {
    (
        "digest, *others = _at_least(expect(element, SEQUENCE), 1)",
        "1 plus one",
    ): "without a second part it protects no signature, which is wrong either way",
    (
        "return self.path is not None and all(check.status is not CheckStatus.FAILED for check in self.checks)",
        "operand 0 left out",
    ): "without a path, the check of the path has failed",
    (
        'text = ("19" if text >= "50" else "20") + text',
        "GtE to Gt",
    ): "a whole time of year 50 is greater than the year alone",
    (
        "position = data.find(_CERTIFICATE_START, position + 1)",
        "1 plus one",
    ): "no certificate begins with the second byte of another's beginning",
    (
        'raise DerError("an element with parts too few or too many")',
        "Raise left out",
    ): "who asks takes the parts one by one, and Python complains with a ValueError too",
    (
        "return one == other or prepared_name(one) == prepared_name(other)",
        "operand 0 left out",
    ): "only saves preparing equal names",
    (
        "if content_type is None or read_object_identifier(content_type) != DATA or data.content_type != DATA:",
        "operand 0 left out",
    ): _FOR_THE_TYPES,
    (
        "path_length=None if None in lengths else max(length for length in lengths if length is not None),",
        "filter left out",
    ): _FOR_THE_TYPES,
    (
        'normal = unicodedata.normalize("NFKC", value) if len(value) <= _MAX_NORMALISED else value',
        "LtE to Lt",
    ): "a limit that only keeps the work small",
    (
        "return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, signed=True))",
        "True turned",
    ): "the program writes no negative number",
    (
        'digest, first = digest_of(read_algorithm(first)) or "", expect(rest[0] if rest else None, OCTET_STRING)',
        "operand 1 left out",
    ): _FOR_THE_TYPES,
    (
        "trailer = int.from_bytes(expect(value, INTEGER).content, signed=True)",
        "True turned",
    ): "only 1 is taken, which is the same either way",
    (
        'user_initial_policy_set=frozenset({required_policy or "any_policy"}),',
        "operand 1 left out",
    ): "the library does not look at it while no policy is required",
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
