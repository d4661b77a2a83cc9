# SPDX-License-Identifier: Apache-2.0
"""Writes the race detector's sources anew, with mistakes that can be switched on one at a time.

Each mutant replaces one statement or expression of the product; one that is not there any more is an error: whoever rewrites
the detector says anew what its mistakes would be. The product itself holds no switch.

usage: mutants.py SOURCE_ROOT OUTPUT_FOLDER
"""
import pathlib
import sys

CLOCKS = "analyzer/detect/clocks.cc"
ACCESSES = "analyzer/detect/happens_before.cc"
HISTORY = "analyzer/model/access_history.cc"
ENDS = "analyzer/model/access_history_end.cc"
LIKES = "analyzer/model/history.cc"
FIRST_LOOK = "analyzer/model/suspect_finder.cc"
MANY = "analyzer/model/suspect_finder_many.cc"
SPREAD = "analyzer/model/suspect_finder_spread.cc"
SECOND_LOOK = "analyzer/model/suspect_history.cc"
GATHER = "release_into(clocks.gathered_[event.object]);"
FREE_SLOT = "release_into(channel.receives[number + channel.capacity]);"

# name, file, a text that stands once in it, the first statement or expression of this form behind that, what it becomes
MUTANTS = [
    ("creation", CLOCKS, "void Clocks::create(", "create_knowing(creator.clock, child);", "create_knowing({}, child);"),
    ("join_thread", CLOCKS, "trace::ThreadJoin&", "self().clock.join(clocks.actor(ActorId(event.child)).clock);", ""),
    ("send_to_receive", CLOCKS, "void receive(", "self().clock.join(sent->second);", ""),
    ("receive_to_send", CLOCKS, "void receive(", FREE_SLOT, ""),
    ("slot_shift", CLOCKS, "void receive(", FREE_SLOT, FREE_SLOT.replace("capacity]", "capacity + 1]")),
    ("sender_to_receiver", CLOCKS, "void meet(", "receiver.clock.join(sent);", ""),
    ("receiver_to_sender", CLOCKS, "void meet(", "sender.clock.join(receiver.clock);", ""),
    ("close_to_receive", CLOCKS, "trace::ChanClose&", "release_into(clocks.channels_[event.object].closed);", ""),
    ("unlock_to_lock", CLOCKS, "void lock(", "self().clock.join(state.writers);", ""),
    ("reader_to_writer", CLOCKS, "void lock(", "self().clock.join(state.readers);", ""),
    ("wait_group", CLOCKS, "trace::WgAdd&", GATHER, ""),
    ("once", CLOCKS, "trace::OnceEnd&", GATHER, ""),
    ("semaphore", CLOCKS, "trace::SemRelease&", GATHER, ""),
    ("timer", CLOCKS, "trace::TimerSet&", "release_into(timer);", ""),
    ("cond", CLOCKS, "trace::CondWait&", "self().clock.join(signal->second.clock);", ""),
    ("atomics", CLOCKS, "void Clocks::acquire_atomic(",
     "(direct ? self.clock : self.seen_relaxed).join(found->second);", ""),
    ("release_sequence", CLOCKS, "void Clocks::release_atomic(", "op == AtomicOp::store", "true"),
    ("acquire_fence", CLOCKS, "trace::Fence&", "actor.clock.join(actor.seen_relaxed);", ""),
    ("release_fence", CLOCKS, "trace::Fence&", "actor.released_by_fence = actor.clock;", ""),
    ("advance", CLOCKS, "void Clocks::advance(", "actor.clock.set(actor.slot, now + 1);", ""),
    ("begin_of_all_in_a_granule", ACCESSES, "std::uint64_t own_bytes(", "alloc.address % kAlignment == 0", "true"),
    ("end_of_all_room", ACCESSES, "void HappensBefore::end_life(",
     "history_.end_life(end, free.address, used, actor.clock);", "history_.end_life(end, free.address, free.size, actor.clock);"),
    ("end_keeps_room", ACCESSES, "void HappensBefore::end_life(",
     "history_.forget(free.address + used, free.size - used);", ""),
    ("end_after_access", ENDS, "void AccessHistory::end_in(", "check(cell, end, extent);", ""),
    ("end_after_page", ENDS, "void AccessHistory::end_in(", "check(page.all, end, {base, kPage});", ""),
    ("end_forgets", ENDS, "void AccessHistory::end_in(", "forget_in(page, first, last);", ""),
    ("end_of_page_before_access", ENDS, "void AccessHistory::end_in(", "begin_with(page.all, end.mark);", ""),
    ("end_before_access", ENDS, "void AccessHistory::end_in(", "begin_with(cell, end.mark);", ""),
    ("end_is_shared", ENDS, "void AccessHistory::end_in(", "histories_.share(full);", ""),
    ("end_of_untouched", ENDS, "void AccessHistory::end_life(", "has_cells(*touched);", ""),
    ("end_is_known_to_all", ENDS, "void AccessHistory::begin_with(", "is_alone ? end.epoch : kNoEpoch", "Epoch{}"),
    ("covered_by_another_byte", LIKES, "History::Likes History::likes(", "(mark.bytes() & ~past.bytes()) == 0", "true"),
    ("covered_by_an_older_one", LIKES, "History::Likes History::likes(", "past.epoch == mark.epoch", "true"),
    ("stands_for_other_bytes", LIKES, "void History::put(",
     "past.set_bytes(past.bytes() & static_cast<std::uint8_t>(~mark.bytes()));", "past.set_bytes(0);"),
    ("joins_without_its_bytes", LIKES, "void History::put(", "joined.set_bytes(joined.bytes() | past.bytes());", ""),
    ("step_of_another_time", HISTORY, "AccessHistory::Now AccessHistory::now(", "known.epoch != access.epoch", "false"),
    ("step_is_not_shared", HISTORY, "bool AccessHistory::step(", "histories_.share(known.next);", ""),
    ("step_of_a_race", HISTORY, "bool AccessHistory::step_anew(", "!verdict.is_race", "true"),
    ("granules_of_a_range_share", HISTORY, "void AccessHistory::step_all(", "histories_.share(after);", ""),
    ("race_of_a_range", HISTORY, "void AccessHistory::step_all(", "check(before, now, {address + i * kGranule, kGranule});", ""),
    ("spread_touches_one", HISTORY, "void AccessHistory::touch_spread(", "(here - 1) * every + 1", "1"),
    ("spread_has_whole_granules", HISTORY, "void AccessHistory::elements(", "Shadow::byte_bits(begin, begin + size)", "std::uint8_t{0xff}"),
    ("page_is_one", HISTORY, "void AccessHistory::touch_page(", "id == all", "true"),
    ("granules_of_a_page_share", HISTORY, "void AccessHistory::make_cells(", "histories_.share(page.all);", ""),
    ("changes_what_others_have", HISTORY, "HistoryId AccessHistory::to_change(", "from.is_own()", "true"),
    ("suspect_of_another_time", FIRST_LOOK, "SuspectFinder::Now SuspectFinder::now(", "(epoch.time - spans_[present].begin)", "0u"),
    ("suspect_numbers_mixed_up", FIRST_LOOK, "void SuspectFinder::renumber_spans(", "spans_[last] = spans_[i];", ""),
    ("suspect_order_of_all", FIRST_LOOK, "bool SuspectFinder::races_with(", "!is_known(past, now)", "false"),
    ("suspect_read_stands_for_a_write", FIRST_LOOK, "SuspectFinder::Mark SuspectFinder::rest_of(", "stands_for(now.kind, kind_of(past))", "true"),
    ("suspect_read_covers_a_write", FIRST_LOOK, "bool SuspectFinder::covers(", "stands_for(kind_of(past), now.kind)", "true"),
    ("suspect_range_is_one_granule", FIRST_LOOK, "void SuspectFinder::touch_all(", "cells[i] == before", "true"),
    ("suspect_page_is_one", FIRST_LOOK, "void SuspectFinder::touch_page(", "marks == all", "true"),
    ("suspect_end_is_no_access", FIRST_LOOK, "void SuspectFinder::end_life(", "touch_bytes(ends, address, stop);", ""),
    ("suspect_forgets_its_neighbour", FIRST_LOOK, "void SuspectFinder::forget(", "(address + kHalf - 1) / kHalf * kHalf",
     "address / kHalf * kHalf"),
    ("suspect_many_writes_are_ordered", MANY, "std::optional<bool> SuspectFinder::meet(",
     "is_suspect |= races_with(past, now);", ""),
    ("suspect_many_reads_are_ordered", MANY, "bool SuspectFinder::touch_many(", "is_suspect |= met_reads.value_or(false);", ""),
    ("suspect_covered_by_the_other_half", FIRST_LOOK, "bool SuspectFinder::covers(", "(now.halves & ~halves_of(past)) == 0", "true"),
    ("suspect_takes_both_halves", FIRST_LOOK, "SuspectFinder::Mark SuspectFinder::rest_of(", "without(past, now.halves)", "0u"),
    ("suspect_forgets_both_halves", FIRST_LOOK, "void SuspectFinder::forget_in(", "first % kGranule == 0 ? 1 : 2", "kBoth"),
    ("spread_covers_all", SPREAD, "bool SuspectFinder::touch_spread(", "fresh -= spread.bits[i];", "fresh = PageBits();"),
    ("spread_covered_by_another_kind", SPREAD, "bool SuspectFinder::touch_spread(", "covers(spread.marks[i], now)", "spread.marks[i] != 0"),
    ("spread_is_ordered", SPREAD, "bool SuspectFinder::touch_spread(", "suspects |= common;", ""),
    ("spread_stands_for_all", SPREAD, "bool SuspectFinder::touch_spread(", "rest_of(past, now) == 0", "true"),
    ("spread_forgets_the_rest", SPREAD, "bool SuspectFinder::touch_spread(", "rest -= fresh;", "rest = PageBits();"),
    ("spread_joins_without_its_bits", SPREAD, "bool SuspectFinder::touch_spread(", "mine |= rest;", ""),
    ("spread_has_no_cells", SPREAD, "void SuspectFinder::fill_cells(", "put(cells[granule], without(spread.marks[i], kBoth & ~halves));", ""),
    ("spread_forgets_too_much", SPREAD, "void SuspectFinder::forget_bits(", "spread.bits[i] - gone", "PageBits()"),
    ("footprint_of_the_thread", ACCESSES, "void HappensBefore::footprint(", "low < high ? footprint.bits & PageBits::inside(low - footprint.page, high - footprint.page) : PageBits()",
     "footprint.bits"),
    ("suspect_elements_too_few", SECOND_LOOK, "void SuspectHistory::elements(", "std::min(count - 1, (end - 1 - address) / step)",
     "first"),
    ("suspect_end_seen_once", SECOND_LOOK, "void SuspectHistory::end_life(", "history_.end_life(end, begin, next - begin, knows);", ""),
    ("epoch_shift", ACCESSES, "PastAccess HappensBefore::present(", "actor.use()", "Epoch{actor.slot, actor.use().time - 1}"),
]


def switched(name, original, mutated):
    """What stands there, and what it becomes when the mutant is on."""
    on = f"::gordian::oracle::is_on(::gordian::oracle::Mutant::{name})"
    if original.endswith((";", "}")):
        return f"if ({on}) {{ {mutated} }} else {{ {original} }}"
    return f"({on} ? {mutated} : {original})"


def place_of(text, anchor, original):
    """Where it stands first behind the anchor, in the same function."""
    if text.count(anchor) != 1:
        sys.exit(f"mutants.py: {anchor!r} stands {text.count(anchor)} times")
    start = text.find(anchor) + len(anchor)
    place = text.find(original, start)
    if place < 0 or "\n}\n" in text[start:place] or "\n  void " in text[start:place]:
        sys.exit(f"mutants.py: no {original!r} behind {anchor!r}")
    return place


def main(root, output):
    output.mkdir(parents=True, exist_ok=True)
    for path in sorted({file for _, file, *_ in MUTANTS}):
        text = (root / path).read_text()
        edits = {}
        for name, file, anchor, original, mutated in MUTANTS:
            if file == path:
                place = place_of(text, anchor, original)
                size, inner = edits.get(place, (len(original), original))
                edits[place] = (size, switched(name, inner, mutated))
        for place in sorted(edits, reverse=True):
            size, replacement = edits[place]
            text = text[:place] + replacement + text[place + size:]
        (output / pathlib.Path(path).name).write_text('#include "tests/oracle/mutant.h"\n' + text)
    (output / "mutants.def").write_text("".join(f"GORDIAN_MUTANT({name})\n" for name, *_ in MUTANTS))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
