"""Messages in bulk."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from pecdesk.demo.bulk import bulk
from pecdesk.examine import examine
from tests.kit.messages import NOW, anchors, world


def test_bulk_gives_as_many_as_asked_for_all_different() -> None:
    made = list(bulk(world(), 150, NOW, big_share=0))
    assert len({message.raw for message in made}) == len(made) == 150


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert list(bulk(world(), 20, NOW, seed=3)) == list(bulk(world(), 20, NOW, seed=3))
    assert list(bulk(world(), 20, NOW, seed=3)) != list(bulk(world(), 20, NOW, seed=4))


def test_every_message_is_judged_as_it_says() -> None:
    for message in bulk(world(), 160, NOW, seed=5, big_share=0):
        found = examine(message.raw, anchors(), now=NOW)
        assert (found.kind, found.standing) == (message.kind, message.standing)


def test_bulk_holds_every_verdict() -> None:
    said = Counter((message.kind, message.standing) for message in bulk(world(), 400, NOW, big_share=0))
    assert {standing for _, standing in said} == {"certified", "not-certified", "altered"}
    assert said["delivery", "certified"] > 80
    assert said["transport-envelope", "certified"] > 50


def test_sizes_are_those_of_real_mail() -> None:
    small = [len(message.raw) for message in bulk(world(), 200, NOW, big_share=0)]
    assert min(small) > 5_000
    assert max(small) < 70_000
    big = [len(message.raw) for message in islice(bulk(world(), 6, NOW, big_share=1), 6)]
    assert 1_000_000 < max(big) < 11_000_000
