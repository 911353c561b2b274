"""Every property test of the judging core finds a bug that was planted for it: the list, and the proof.

A property that no bug can break says nothing. Who writes another one for `mime`, `trust`, `pec` or `examine` adds a bug
to the list; a test sees to it.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, is_hypothesis_test, settings
from hypothesis.errors import HypothesisException, HypothesisWarning

from tests.hostile.planting import Bug, planted

UNIT = Path(__file__).parents[1] / "unit"
FOLDERS = ("mime", "trust", "pec", "examine")

DIGEST_NOT_COMPARED = Bug("trust.signed", ".digest() == stated:", ".digest() != b'':")
SIGNATURE_NOT_CHECKED = Bug(
    "trust.keys",
    "            raise\n        return False\n",
    "            raise\n        return True\n",
)
TRAILING_BYTES_TAKEN = Bug("trust.der", "if element.end != len(data):", "if element.end > len(data):")
PIECES_IN_ANY_ORDER = Bug(
    "pec.linking", "return [piece for key in sorted(found) for piece in _in_order(found[key])]", "return list(pieces)"
)
FIRST_SPEAKS = Bug("pec.rows", "best = min(same, key=", "best = (lambda some, key: some[0])(same, key=")

BUGS: dict[str, Bug | tuple[Bug, ...]] = {
    # mime
    "mime/test_decode::test_what_was_encoded_is_decoded": Bug(
        "mime.decode", "return binascii.a2b_base64(signs + b\"==\")", "return binascii.a2b_base64(signs[:-1] + b\"==\")"
    ),
    "mime/test_decode::test_any_body_is_decoded_without_an_exception": Bug(
        "mime.decode", "with suppress(binascii.Error):", "with suppress(KeyError):"
    ),
    "mime/test_parse_properties::test_parts_lie_inside_their_parents_in_order_and_apart": Bug(
        "mime.parse", "spans.append(Span(opened, end))", "spans.append(Span(opened, end + 1))"
    ),
    "mime/test_parse_properties::test_leaves_and_what_lies_between_them_give_back_the_bytes": Bug(
        "mime.parse", "waiting.extend(reversed(current.children))", "waiting.extend(current.children)"
    ),
    "mime/test_parse_properties::test_message_in_a_range_is_parsed_as_if_it_stood_alone": Bug(
        "mime.parse", "_HEADER_END.search(raw, start, cap)", "_HEADER_END.search(raw, 0, cap)"
    ),
    "mime/test_parse_properties::test_every_header_value_stands_in_the_bytes": Bug(
        "mime.parse", ".lower(), value.strip())", ".lower(), value.strip().upper())"
    ),
    "mime/test_parse_properties::test_everything_read_from_a_message_is_read_without_an_exception": Bug(
        "mime.text", 'text = "\\n\\n".join(found.texts)', 'text = "\\r\\n".join([*found.texts, ""])'
    ),
    "mime/test_parameters::test_any_value_has_readable_parameters": Bug(
        "mime.parameters", "return main[0].lower(), tuple(plain)", "return main[0].upper(), tuple(plain)"
    ),
    "mime/test_parameters::test_encoded_file_name_is_read_back": Bug(
        "mime.parameters", "piece) if encoded else piece)", "piece) if not encoded else piece)"
    ),
    "mime/test_headers::test_well_formed_dates_are_read_exactly": Bug(
        "mime.headers", '(-1 if match["sign"] == "-" else 1)', '(1 if match["sign"] == "-" else -1)'
    ),
    "mime/test_headers::test_any_date_is_read_or_refused": Bug(
        "mime.headers", "if match is None or match[", "if match[0] is None or match["
    ),
    "mime/test_addresses::test_any_address_header_is_read_without_an_exception": Bug(
        "mime.addresses", "if address or name:", "if address or name or not self._words:"
    ),
    "mime/test_addresses::test_an_identity_is_always_one_plain_address_that_stands_in_the_header": Bug(
        "mime.addresses", 'if _SEVERAL.fullmatch(text) else "from-malformed"', "if _SEVERAL.fullmatch(text) else None"
    ),
    "mime/test_words::test_what_was_encoded_is_what_is_read": Bug(
        "mime.words", "return base64_bytes(data)", "return base64_bytes(data)[:-1]"
    ),
    "mime/test_words::test_any_value_becomes_one_line_without_controls": Bug(
        "mime.words", '.replace("\\t", " ").replace("\\n", REPLACEMENT)', '.replace("\\t", " ")'
    ),
    "mime/test_file_names::test_whatever_the_name_it_is_safe_and_safe_for_good": Bug(
        "mime.file_names", "return _shortened(plain) or FALLBACK", "return _shortened(plain)"
    ),
    "mime/test_link_target::test_no_target_holds_anything_but_plain_letters": Bug(
        "mime.link_target", "{host}{_encoded(web[3])}", "{host}{web[3]}"
    ),
    "mime/test_picture::test_whatever_the_bytes_nothing_is_raised": Bug(
        "mime.picture", "if data.startswith(_GIF) and len(data) >= 10:", "if data.startswith(_GIF):"
    ),
    "mime/test_safe_html::test_whatever_comes_only_known_tags_leave": Bug(
        "mime.html_writer", "escape(self._breakable(text), quote=False)", "self._breakable(text)"
    ),
    "mime/test_text::test_any_html_has_a_text": Bug(
        "mime.html_text", """for line in text.split("\\n")])).strip("\\n")""", """for line in text.split("\\n")]))"""
    ),
    "mime/test_pieces::test_pieces_of_a_body_are_the_body": Bug(
        "mime.decode", "yield raw[at : min(at + _PIECE, end)]", "yield raw[at : min(at + _PIECE, end - 1)]"
    ),
    "mime/test_pieces::test_hashes_over_lines_do_not_depend_on_where_pieces_end": Bug(
        "pec.comparison", 'internet.update(piece.replace(b"\\n", b"\\r\\n"))', "internet.update(piece)"
    ),
    "mime/test_compose::test_any_subject_name_text_and_file_survives": Bug(
        "mime.compose", "_base64(content).removesuffix(CRLF)", "_base64(content[1:]).removesuffix(CRLF)"
    ),
    "mime/test_compose::test_plain_subjects_are_read_alike_by_python": Bug(
        "mime.header_fields", 'words = text.split(" ")', "words = list(text)"
    ),
    "mime/test_compose::test_encoded_subjects_are_read_alike_by_python": Bug(
        "mime.header_fields", "        piece += char\n", "        piece = char + piece\n"
    ),
    "mime/test_compose::test_nothing_that_is_given_makes_another_field": Bug(
        "mime.compose", "is_simple = _MEDIA_TYPE.fullmatch(media_type) and", "is_simple = media_type and"
    ),
    "mime/test_compose::test_no_line_of_a_text_is_longer_than_76": Bug(
        "mime.compose", "signs[start : start + FOLD_AT] + CRLF for", "signs[start : start + FOLD_AT] for"
    ),
    "mime/test_compose::test_the_size_of_a_file_in_a_message_is_known_before": Bug(
        "mime.compose", "(signs + FOLD_AT - 1) // FOLD_AT", "(signs + FOLD_AT) // FOLD_AT"
    ),
    "mime/test_mailto::test_any_link_is_read": Bug(
        "mime.mailto", 'name, _, value = pair.partition("=")', 'name, value = pair.split("=")'
    ),
    # trust
    "trust/test_der::test_what_was_written_is_read": Bug(
        "trust.der", "        end = position + length\n", "        end = position + max(length - 1, 0)\n"
    ),
    "trust/test_der::test_any_bytes_are_read_or_refused": TRAILING_BYTES_TAKEN,
    "trust/test_names::test_text_of_a_name_reads_back_as_the_same_name": Bug(
        "trust.names", "r'([,+\"\\\\<>;])'", "r'([+\"\\\\<>;])'"
    ),
    "trust/test_verify::test_no_mutant_of_the_content_passes": DIGEST_NOT_COMPARED,
    "trust/test_verify::test_no_mutant_of_what_the_signer_signed_passes": SIGNATURE_NOT_CHECKED,
    "trust/test_verify::test_no_signature_with_a_piece_replaced_passes_unless_it_is_the_same": TRAILING_BYTES_TAKEN,
    "trust/test_verify::test_noise_is_never_more_than_a_failed_check": Bug(
        "trust.der", "if start + 2 > limit:", "if start > limit:"
    ),
    "trust/test_over_time::test_what_is_remembered_is_what_would_be_worked_out": Bug(
        "trust.over_time", "return bisect_left(self.edges, reference)", "return bisect_right(self.edges, reference)"
    ),
    # pec
    "pec/test_daticert::test_what_a_provider_writes_is_read_back": Bug(
        "pec.daticert", 'offset if sign == "+" else -offset', 'offset if sign == "-" else -offset'
    ),
    "pec/test_daticert::test_any_bytes_are_read_or_refused": Bug(
        "pec.daticert", 'raise CertificationError("not well-formed XML") from failure', "raise ValueError from failure"
    ),
    "pec/test_message::test_a_comparable_address_stays_what_it_is": Bug(
        "pec.message", '"".join(value.split()).lower()', '"".join(value.split()).swapcase()'
    ),
    "pec/test_outcome_properties::test_the_order_of_arrival_changes_nothing": Bug(
        "pec.outcome", "in sorted(proofs, key=lambda proof: proof.time):", "in list(proofs):"
    ),
    "pec/test_outcome_properties::test_nothing_is_said_of_a_recipient_without_evidence_that_says_it": Bug(
        "pec.outcome",
        "    if delivered is not None:\n        return RecipientState.DELIVERED, delivered",
        "    if delivered is not None or notices:\n        return RecipientState.DELIVERED, accepted",
    ),
    "pec/test_outcome_properties::test_every_recipient_named_is_listed_once_and_all_evidence_about_it_with_it": Bug(
        "pec.outcome", "names.setdefault(key, certified.address)", "names.setdefault(certified.address, key)"
    ),
    "pec/test_outcome_properties::test_more_evidence_never_takes_a_proof_away": Bug(
        "pec.outcome", "relevant = concerning.get(key, [])", "relevant = concerning.get(key, [])[-1:]"
    ),
    "pec/test_outcome_properties::test_the_whole_is_delivered_only_where_every_pec_recipient_is": Bug(
        "pec.outcome", "if expected and all(", "if expected and any("
    ),
    "pec/test_linking_properties::test_the_order_of_arrival_changes_no_row": PIECES_IN_ANY_ORDER,
    "pec/test_linking_properties::test_groups_that_share_no_token_may_be_linked_apart": Bug(
        "pec.gathering",
        "if piece.message_id is None or piece.message_id not in group.message_ids:",
        "if piece.message_id is None:",
    ),
    "pec/test_linking_properties::test_every_message_stands_in_a_row_and_every_row_has_a_key_of_its_own": Bug(
        "pec.gathering", "            home.claims.append(piece)\n", "            home.claims[:] = [piece]\n"
    ),
    "pec/test_linking_properties::test_forged_and_altered_evidence_changes_nothing_in_any_row": Bug(
        "pec.gathering", "            home.claims.append(piece)\n", "            home.members[:] = [piece]\n"
    ),
    "pec/test_linking_properties::test_nothing_is_delivered_without_counting_evidence": Bug(
        "pec.rows", "if piece.counts and piece.certification is not None", "if piece.certification is not None"
    ),
    "pec/test_linking_properties::test_a_row_is_made_again_from_its_own_messages_alone": Bug(
        "pec.transmission", "found = [self.original_sha256] if self.original_sha256 else []", "found = list[str]()"
    ),
    "pec/test_linking_properties::test_the_outbox_speaks_until_evidence_counts_and_never_after": Bug(
        "pec.rows", "sending.state if sending and not proofs else None", "sending.state if sending else None"
    ),
    "pec/test_composing::test_whatever_is_typed_is_an_address_that_can_be_written_or_a_problem": Bug(
        "pec.composing", "return Address(address, shown)", 'return Address(f"{address} ", shown)'
    ),
    "pec/test_composing::test_the_size_is_known_before_it_is_written": Bug(
        "pec.composing", "base64_size(file.size) - len(CRLF) * bool(file.size)", "base64_size(file.size) - len(CRLF)"
    ),
    "pec/test_composing::test_the_size_of_a_message_sent_on_is_never_told_too_small": Bug(
        "pec.composing", "margin = _ATTACHED_MESSAGE_MARGIN *", "margin = -_ATTACHED_MESSAGE_MARGIN *"
    ),
    "pec/test_composing::test_whatever_is_written_here_is_what_an_access_point_takes": Bug(
        "mime.header_fields", """name.replace("\\\\", "\\\\\\\\")""", """name.replace("\\\\", "")"""
    ),
    "pec/test_acceptable::test_whatever_stands_in_the_fields_nobody_gets_it_who_is_not_plainly_named": Bug(
        "pec.acceptable", "found.setdefault(normal_address(address), address)", "found.setdefault(address, address[1:])"
    ),
    "pec/test_acceptable::test_plain_lists_are_read_strictly": Bug(
        "mime.addresses", "return tuple(found) if position", "return tuple(found[:4]) if position"
    ),
    "pec/test_acceptable::test_no_field_of_a_draft_becomes_a_line_of_its_own_or_a_recipient": Bug(
        "pec.composing",
        "found.setdefault(normal_address(parsed.address), DraftRecipient(parsed, role))",
        "found.setdefault(str(role), DraftRecipient(parsed, role))",
    ),
    # examine
    "examine/test_integrity::test_any_byte_changed_inside_the_signed_span_is_never_certified": DIGEST_NOT_COMPARED,
    "examine/test_integrity::test_bytes_put_in_or_taken_out_of_the_signed_span_are_seen": DIGEST_NOT_COMPARED,
    "examine/test_integrity::test_a_change_outside_the_signed_span_makes_no_certified_fact_another": Bug(
        "examine.examining",
        "hashlib.sha256(signed_bytes(raw, layout.signed)).hexdigest() if",
        "hashlib.sha256(raw).hexdigest() if",
    ),
    "examine/test_integrity::test_a_message_cut_off_anywhere_is_never_certified": Bug(
        "examine.structure",
        'if part.media_type != "multipart/signed" or part.closed:',
        'if part.media_type != "multipart/signed" or True:',
    ),
    "examine/test_stories::test_the_order_in_which_messages_arrive_changes_no_row": (PIECES_IN_ANY_ORDER, FIRST_SPEAKS),
    "examine/test_examination::test_any_bytes_are_examined_and_come_back_from_json": Bug(
        "examine.examination",
        "return _DECODER.decode(document)",
        "return _DECODER.decode(_ENCODER.encode({**msgspec.json.decode(document), 'size': 0}))",
    ),
}  # fmt: skip


def properties() -> dict[str, Callable[[], None]]:
    """Every property test there is, by the name of its module and its own."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((UNIT / folder).glob("test_*.py")):
            module = importlib.import_module(f"tests.unit.{folder}.{path.stem}")
            for name, value in vars(module).items():
                if name.startswith("test_") and is_hypothesis_test(value):
                    found[f"{folder}/{path.stem}::{name}"] = value
    return found


def fails(test: Callable[[], None]) -> bool:
    """Whether a property is found not to hold."""
    usual = test._hypothesis_internal_use_settings  # type: ignore[attr-defined]
    quick = settings(
        usual,
        phases=[Phase.explicit, Phase.generate],
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    test._hypothesis_internal_use_settings = quick  # type: ignore[attr-defined]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", HypothesisWarning)  # it thinks some messages too long to print
            test()
    except HypothesisException:
        raise
    except Exception:  # noqa: BLE001 - however it notices
        return True
    finally:
        test._hypothesis_internal_use_settings = usual  # type: ignore[attr-defined]
    return False


@pytest.mark.parametrize("name", BUGS)
def test_a_property_finds_the_bug_that_was_planted_for_it(name: str) -> None:
    bugs = BUGS[name]
    with planted(*(bugs if isinstance(bugs, tuple) else (bugs,))):
        assert fails(properties()[name])


def test_every_property_has_a_bug_of_its_own_on_the_list() -> None:
    assert set(properties()) == set(BUGS)
