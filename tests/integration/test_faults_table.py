"""What can go wrong between a mailbox, a network, a disk and a provider, and the tests that do exactly that.

`TABLE` has a row for each sort of fault; each names the tests that hold it, in this folder unless a path says where.
What needs minutes or hours is a script in `tests/soak`: crashes at every step, mailboxes and providers under random
faults, a message of 137 MB.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

TABLE: dict[str, tuple[str, ...]] = {
    "UIDVALIDITY changes": (
        "test_faults_server::test_a_folder_numbered_anew_is_recognised_and_nothing_of_it_is_fetched_again",
        "test_faults_server::test_a_folder_numbered_anew_between_two_commands_ends_as_one_that_was_not",
        "test_faults_server::test_numbers_that_mean_something_else_now_are_not_believed",
        "unit/sync/test_check::test_a_uidvalidity_that_comes_again_means_what_it_meant_only_once",
        "unit/sync/test_check::test_messages_that_could_be_taken_for_each_other_are_fetched",
    ),
    "a fetch is cut, sliced, or gives something else": (
        "test_faults_connection::test_a_message_cut_anywhere_leaves_nothing_and_comes_whole_the_next_time",
        "test_faults_connection::test_a_big_message_cut_anywhere_leaves_nothing_and_comes_whole_the_next_time",
        "test_faults_connection::test_what_came_before_the_cut_is_kept_and_not_fetched_again",
        "test_imap_hostile::test_an_answer_that_comes_byte_by_byte_is_the_same",
        "test_imap_hostile::test_what_is_not_the_message_is_not_taken_for_it",
        "test_imap_hostile::test_a_size_that_is_a_lie_changes_no_byte",
        "unit/sync/test_check::test_a_message_that_is_not_as_long_as_the_server_says_is_asked_for_twice_and_kept",
    ),
    "a waiting connection dies silently": (
        "test_faults_connection::test_a_half_open_connection_is_found_out_and_mail_comes_over_a_new_one",
        "test_faults_connection::test_a_cut_while_waiting_is_healed_by_one_new_connection",
        "test_imap_hostile::test_a_half_open_connection_is_found_out_when_the_wait_ends",
        "unit/sync/test_worker::test_idle_is_issued_anew_well_before_ten_minutes",
        "unit/sync/test_worker::test_a_server_that_does_not_tell_is_asked_again_and_again",
    ),
    "the computer sleeps, or changes its network": (
        "test_faults_connection::test_after_sleep_one_new_connection_takes_the_place_of_the_dead_one",
        "test_faults_connection::test_the_end_of_summer_time_is_no_sleep",
        "unit/sync/test_waiting::test_time_that_went_by_unnoticed_is_noticed",
    ),
    "too many connections": (
        "test_faults_connection"
        "::test_two_programs_where_one_connection_is_allowed_neither_storm_nor_take_it_for_a_wrong_password",
        "test_faults_server::test_a_password_that_expired_is_tried_once_and_everything_stays_readable",
        "test_imap_hostile::test_too_many_connections_are_no_refused_password",
        "unit/sync/test_waiting::test_pauses_double_from_five_seconds_to_a_quarter_of_an_hour",
    ),
    "the mailbox is full": (
        "test_faults_server::test_a_full_mailbox_takes_no_copy_and_the_sending_is_none_the_worse",
        "test_faults_server::test_a_server_that_will_not_say_how_full_it_is_is_kept_up_with_all_the_same",
        "unit/explain/test_account_status::test_a_full_mailbox_in_english_and_in_italian",
    ),
    "a folder is renamed, deleted, made again, emptied": (
        "test_faults_server::test_a_renamed_folder_is_recognised_and_nothing_of_it_is_fetched_again",
        "test_faults_server::test_a_deleted_folder_is_a_question_and_its_messages_stay_whatever_is_answered",
        "test_faults_server::test_an_emptied_inbox_is_a_question_and_mail_that_comes_back_is_its_answer",
        "unit/sync/test_check::test_a_folder_recreated_under_its_name_takes_its_messages_up_again",
    ),
    "the answer to a copy is lost": (
        "test_faults_server::test_a_copy_whose_answer_was_lost_is_not_made_twice",
        "test_imap_hostile::test_a_copy_whose_acknowledgement_is_lost_is_a_cut_connection_and_can_be_looked_for",
    ),
    "messages vanish meanwhile": (
        "test_faults_server::test_messages_that_vanish_between_two_commands_are_no_failure",
        "test_faults_server::test_a_message_that_vanishes_while_it_comes_in_pieces_is_no_failure",
        "test_faults_server::test_without_condstore_flags_and_removals_are_found_all_the_same",
        "test_sync::test_two_clients_change_everything_and_both_sides_end_the_same",
    ),
    "a message is huge": (
        "test_faults_connection::test_a_huge_message_is_never_in_memory_as_a_whole",
        "unit/sync/test_check::test_a_message_over_the_limit_is_not_fetched_at_all",
        "test_smtp_transport::test_a_message_too_big_for_the_provider_is_refused_before_it_is_sent",
    ),
    "the clock is wrong": ("test_faults_server::test_a_wrong_clock_changes_neither_order_nor_what_is_kept",),
    "the disk is full": (
        "test_faults_disk::test_a_full_disk_stops_fetching_and_nothing_else_and_goes_on_when_there_is_room",
        "test_faults_disk::test_a_disk_that_is_full_when_the_program_starts_is_called_full",
        "test_crash_sync::test_whatever_step_it_ends_at_the_next_run_makes_it_whole",
        "unit/sync/test_check::test_a_full_disk_stops_fetching_keeps_what_is_here_and_goes_on_when_there_is_room",
        "unit/outbox/test_worker::test_a_disk_that_refuses_to_remember_the_end_is_tried_again",
    ),
    "the program is killed while it writes": (
        "test_crash_sync::test_whatever_step_it_ends_at_the_next_run_makes_it_whole",
        "test_crash_sync::test_every_step_waits_until_the_one_before_it_is_on_the_disk",
        "test_interrupted::test_a_killed_import_is_simply_started_again",
    ),
    "the database is damaged": (
        "test_faults_disk::test_a_damaged_database_is_found_out_or_harmless_and_made_again_from_archive_and_journal",
        "test_profile::test_a_damaged_database_is_said_and_made_again",
        "test_profile::test_a_database_that_is_gone_comes_back_by_itself",
        "unit/store/test_database::test_a_database_of_the_first_version_becomes_what_a_new_one_would_be",
    ),
    "the program runs twice": (
        "test_faults_disk::test_after_a_killed_program_the_next_one_just_goes_on",
        "test_sync::test_two_command_lines_never_do_the_same_work",
        "test_interrupted::test_two_writers_do_not_meet",
        "ui/test_one_window::test_after_a_first_that_was_killed_the_next_is_the_first",
        "unit/sync/test_worker::test_an_account_that_another_process_synchronises_is_left_to_it",
    ),
    "it was sent and the answer is lost": (
        "test_sending::test_wherever_the_connection_is_cut_it_is_sent_at_most_once_and_said_truly",
        "test_sending::test_killed_for_real_in_each_state_it_is_sent_at_most_once_and_said_truly",
        "test_smtp_transport::test_after_the_end_only_an_answer_says_what_became_of_it",
        "test_smtp_transport::test_a_late_answer_is_waited_for",
        "unit/outbox/test_worker::test_the_acceptance_settles_what_is_uncertain_and_its_copy_is_wanted_then",
        "unit/outbox/test_worker::test_receipts_before_the_reply_count_at_once",
    ),
    "one of several recipients is refused": (
        "test_smtp_transport::test_one_refused_recipient_means_that_nobody_gets_it_and_all_refused_ones_are_named",
    ),
    "the copy in the Sent folder fails, or is there already": (
        "test_faults_server::test_a_full_mailbox_takes_no_copy_and_the_sending_is_none_the_worse",
        "unit/sync/test_sent_copies::test_one_that_the_provider_has_put_there_is_enough",
    ),
    "receipts come in the wrong order": (
        "unit/pec/test_linking_properties::test_the_order_of_arrival_changes_no_row",
        "unit/pec/test_outcome_properties::test_the_order_of_arrival_changes_nothing",
    ),
}


@pytest.mark.parametrize("fault", TABLE)
def test_every_fault_has_its_tests(fault: str) -> None:
    assert TABLE[fault]
    for named in TABLE[fault]:
        file, _, test = named.partition("::")
        path = TESTS / (f"{file}.py" if "/" in file else f"integration/{file}.py")
        assert re.search(rf"^def {test}\(", path.read_text(encoding="utf-8"), re.MULTILINE), named
