package io.acclimate.harness;

import io.acclimate.harness.Facts.Activated;
import io.acclimate.harness.Facts.Batch;
import io.acclimate.harness.Facts.Dead;
import io.acclimate.harness.Facts.Place;
import io.acclimate.harness.Facts.Predicted;
import io.acclimate.harness.Facts.Removed;
import io.acclimate.harness.Facts.Sent;
import io.acclimate.harness.Facts.Trained;
import io.acclimate.harness.Facts.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Holds the facts against the promise. A finding is a sentence that names what is wrong and an example; no findings, nothing
 * wrong. Pure.
 */
final class Checker {
    private final Facts facts;
    private final boolean live;
    private final List<String> findings = new ArrayList<>();

    private Checker(Facts facts, boolean live) {
        this.facts = facts;
        this.live = live;
    }

    /** Every rule except those that need the stream to be quiet. */
    static List<String> findings(Facts facts, Set<String> acknowledged) {
        return findings(new Checker(facts, true), acknowledged);
    }

    /** The same for a reader that came when old mini-batches, removed versions and earlier activations may be gone. */
    static List<String> findingsOfLate(Facts facts, Set<String> acknowledged) {
        return findings(new Checker(facts, false), acknowledged);
    }

    /** How much of what was sent is not answered yet: images, labels, and mini-batches. More answers than that leave it as it is. */
    static int open(Facts facts) {
        Set<Place> open = new HashSet<>();
        facts.images.forEach(each -> open.add(each.at()));
        facts.labels.forEach(each -> open.add(each.at()));
        facts.predictions.forEach(each -> open.remove(each.input()));
        facts.batches.forEach(batch -> batch.labels().forEach(open::remove));
        facts.deadLetters.forEach(each -> open.remove(each.input()));
        Set<String> untrained = new HashSet<>();
        facts.batches.forEach(batch -> untrained.add(batch.domain() + "/" + batch.sequence()));
        facts.trained.forEach(each -> untrained.remove(each.domain() + "/" + each.miniBatch()));
        return open.size() + untrained.size();
    }

    private static List<String> findings(Checker checker, Set<String> acknowledged) {
        checker.acknowledged(acknowledged);
        checker.predictions();
        checker.labels();
        checker.training();
        checker.chain();
        return checker.findings;
    }

    private void expect(boolean right, String finding) {
        if (!right) {
            findings.add(finding);
        }
    }

    private void missing(String what, Set<?> missing) {
        expect(
                missing.isEmpty(),
                missing.size() + " " + what + ", as "
                        + missing.stream().limit(3).toList());
    }

    private void acknowledged(Set<String> acknowledged) {
        Set<String> there = new HashSet<>();
        facts.images.forEach(each -> expect(there.add(each.id()), "sent twice: " + each));
        facts.labels.forEach(each -> expect(there.add(each.id()), "sent twice: " + each));
        Set<String> lost = new TreeSet<>(acknowledged);
        lost.removeAll(there);
        missing("acknowledged records are not on their topics", lost);
    }

    /** Images = predictions + dead letters, each once, in the order of its partition, by a version that exists. */
    private void predictions() {
        Map<Place, String> open = new HashMap<>();
        facts.images.forEach(each -> open.put(each.at(), each.id()));
        Map<Integer, Long> last = new HashMap<>();
        Set<String> versions = new HashSet<>();
        facts.versions.forEach(each -> versions.add(each.domain() + "/" + each.number()));
        facts.removed.forEach(each -> versions.add(each.domain() + "/" + each.number()));
        for (Predicted each : facts.predictions) {
            String id = open.remove(each.input());
            expect(each.id().equals(id), id == null ? "a second prediction " + each : "of another image: " + each);
            expect(each.at().partition() == each.input().partition(), "on another partition: " + each);
            Long before = last.put(each.at().partition(), each.input().offset());
            expect(before == null || before < each.input().offset(), "out of order after " + before + ": " + each);
            expect(
                    each.version() == 0 || versions.contains(each.domain() + "/" + each.version()),
                    "by a version that was never published: " + each);
        }
        for (Dead each : facts.deadLetters) {
            if (each.stage().equals("serve")) {
                expect(open.remove(each.input()) != null, "a second answer to one image: " + each);
            }
        }
        missing("images have no prediction and no dead letter", open.keySet());
    }

    /** Labels = samples of mini-batches + dead letters, each once; a domain's mini-batches count from 0 without gaps. */
    private void labels() {
        Set<Place> open = new HashSet<>();
        facts.labels.stream().map(Sent::at).forEach(open::add);
        Map<String, Long> next = new TreeMap<>();
        for (Batch batch : facts.batches) {
            long expected =
                    live || next.containsKey(batch.domain()) ? next.getOrDefault(batch.domain(), 0L) : batch.sequence();
            next.put(batch.domain(), batch.sequence() + 1);
            expect(batch.sequence() == expected, "mini-batch " + expected + " was expected: " + batch);
            for (Place label : batch.labels()) {
                expect(open.remove(label), "a label batched twice, " + label + " in " + batch);
            }
        }
        for (Dead each : facts.deadLetters) {
            if (each.stage().equals("minibatch")) {
                expect(open.remove(each.input()), "a second fate of one label: " + each);
            }
        }
        if (live) {
            missing("labels are in no mini-batch and no dead letter", open);
        }
    }

    /** Each mini-batch was trained on once, in order, with all its samples but those that adapt refused. */
    private void training() {
        Map<String, Integer> samples = new HashMap<>();
        Set<Place> refused = new HashSet<>();
        for (Dead each : facts.deadLetters) {
            if (each.stage().equals("adapt")) {
                expect(refused.add(each.input()), "a second dead letter of one label: " + each);
            }
        }
        for (Batch batch : facts.batches) {
            int good = (int) batch.labels().stream()
                    .filter(label -> !refused.contains(label))
                    .count();
            if (good > 0) {
                samples.put(batch.domain() + "/" + batch.sequence(), good);
            }
        }
        Map<String, Long> first = new HashMap<>();
        facts.batches.forEach(batch -> first.merge(batch.domain(), batch.sequence(), Math::min));
        Map<String, Long> last = new HashMap<>();
        for (Trained each : facts.trained) {
            Integer expected = samples.remove(each.domain() + "/" + each.miniBatch());
            boolean deleted = !live && each.miniBatch() < first.getOrDefault(each.domain(), Long.MAX_VALUE);
            expect(expected != null || deleted, "trained twice: " + each);
            expect(expected == null || expected == each.samples(), "of " + expected + " samples: " + each);
            Long before = last.put(each.domain(), each.miniBatch());
            expect(before == null || before < each.miniBatch(), "trained out of order: " + each);
        }
        missing("mini-batches were not trained on", samples.keySet());
    }

    /** Versions and activations count up; a parent is what was active; what is removed was published, and serves no more. */
    private void chain() {
        Map<String, Set<Long>> gone = new HashMap<>();
        facts.removed.forEach(each ->
                gone.computeIfAbsent(each.domain(), d -> new HashSet<>()).add(each.number()));
        Map<String, Long> numbers = new HashMap<>();
        for (Version each : facts.versions) {
            long next = 1 + numbers.getOrDefault(each.domain(), 0L);
            while (!live
                    && next < each.number()
                    && gone.getOrDefault(each.domain(), Set.of()).contains(next)) {
                next++;
            }
            expect(each.number() == next, "version " + next + " was expected: " + each);
            numbers.put(each.domain(), each.number());
            expect(!live || each.parent() == each.active(), "of another parent: " + each);
        }
        Map<String, Long> epochs = new HashMap<>();
        for (Activated each : facts.activations) {
            Long before = epochs.put(each.domain(), each.epoch());
            expect(
                    live ? each.epoch() == (before == null ? 0 : before) + 1 : before == null || each.epoch() > before,
                    "epoch after " + before + ": " + each);
        }
        Set<String> once = new HashSet<>();
        for (Removed each : facts.removed) {
            expect(once.add(each.domain() + "/" + each.number()), "removed twice: " + each);
            expect(!live || each.number() <= each.newest(), "removed before it was published: " + each);
            expect(!live || each.number() != each.active(), "removed while it was active: " + each);
        }
    }
}
