package io.acclimate.harness;

import io.acclimate.wire.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A deployment under load with a reader beside it, and the questions that are asked when a storm is over. One thread.
 *
 * @param <D> what runs
 */
final class Run<D extends Deployment> implements AutoCloseable {
    /** So long nothing is finished only if nothing will be: longer than any session and transaction timeout of a client. */
    private static final Duration STALL = Duration.ofMinutes(4);

    /** Until the first of all is finished, too: processes start beside each other, each with a network to prove. */
    private static final Duration BEGIN = Duration.ofMinutes(6);

    /** So long a fresh reader may go on to find more: what it has read grows without end if the service never stops to write. */
    private static final Duration READ_AGAIN = Duration.ofMinutes(30);

    private static final Duration TICK = Duration.ofMillis(200);
    /**
     * What is asked of a kill is that every version comes out the same, so there have to be many: rounds are short, the rule promotes most
     * often, and each promoted candidate becomes a version. Few of them are kept, so that retention removes some with nearly each round
     * and kills meet its tombstones as well, and mini-batches are deleted as soon as they may be; a reader beside the run sees all of them
     * before they go. What freshness spends follows from how long labels have waited,
     * which differs between this run and an undisturbed one; a rebuild, which repeats what the record says, has its own test.
     */
    static final List<String> ADAPT = List.of(
            "--replay-steps=2",
            "--replay-capacity=1024",
            "--gate=NON_INFERIOR",
            "--freshness=0s",
            "--publish-interval=0s",
            "--publish-within=0s",
            "--keep-versions=4",
            "--keep-hours=0",
            "--keep-days=0",
            "--keep-mini-batches=10s");

    /** Small mini-batches make many rounds of the few labels of a test. */
    static final List<String> MINIBATCH =
            List.of("--mini-batch-size=16", "--mini-batch-wait-millis=1000", "--join-wait-seconds=20");

    private static final Map<String, List<String>> OPTIONS = Map.of("adapt", ADAPT, "minibatch", MINIBATCH);

    private final D cluster;
    private final Load load;
    private final Ledger ledger;

    /** Starts {@code cluster}, which is closed with the run. */
    private Run(D cluster, long seed, int imagesPerSecond, int labelsPerSecond) throws IOException {
        this.cluster = cluster;
        try {
            cluster.start();
            ledger = new Ledger(cluster.bootstrap(), cluster.topics());
            load = new Load(cluster.bootstrap(), cluster.topics(), seed, imagesPerSecond, labelsPerSecond);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        load.start();
    }

    static Run<Cluster> ofOneBroker(
            Path folder, long seed, List<String> roles, int imagesPerSecond, int labelsPerSecond) throws IOException {
        return new Run<>(new Cluster(folder, new Topics("h-"), roles, OPTIONS), seed, imagesPerSecond, labelsPerSecond);
    }

    static Run<Quorum> ofThreeBrokers(
            Path folder, long seed, List<String> roles, int imagesPerSecond, int labelsPerSecond) throws IOException {
        return new Run<>(new Quorum(folder, new Topics("q-"), roles, OPTIONS), seed, imagesPerSecond, labelsPerSecond);
    }

    D cluster() {
        return cluster;
    }

    Load load() {
        return load;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Waits until a whole round trip has happened: predictions of every partition, training of every domain. */
    void awaitFlow() {
        Patience patience = new Patience(BEGIN);
        long missing = notFlowing();
        while (missing > 0 && patience.lasts(missing)) {
            LockSupport.parkNanos(TICK.toNanos());
            missing = notFlowing();
        }
        if (missing > 0) {
            throw new IllegalStateException(
                    missing + " partitions and domains did not begin to work, and no other began within " + BEGIN);
        }
    }

    /** Partitions without a prediction and domains without training. */
    private long notFlowing() {
        return ledger.ask(facts -> Deployment.IMAGE_PARTITIONS
                + Load.DOMAINS.size()
                - facts.predictions.stream()
                        .map(each -> each.at().partition())
                        .distinct()
                        .count()
                - facts.trained.stream().map(Facts.Trained::domain).distinct().count());
    }

    /** Pauses the load, gives the service time to finish as long as it finishes anything, and says what is wrong then. */
    List<String> settle() throws Exception {
        load.pause();
        Patience patience = new Patience(STALL);
        List<String> findings = check();
        while (!findings.isEmpty() && patience.lasts(ledger.ask(Checker::open))) {
            LockSupport.parkNanos(TICK.toNanos());
            findings = check();
        }
        return findings;
    }

    private List<String> check() throws Exception {
        List<String> findings = new ArrayList<>();
        load.failures().forEach(each -> findings.add("the load failed: " + each));
        findings.addAll(ledger.ask(facts -> Checker.findings(facts, load.acknowledged())));
        if (findings.isEmpty()) {
            // The consumer's own idea of the end could be behind; the broker's is not.
            findings.addAll(Transactions.open(cluster.bootstrap(), cluster.topics()));
        }
        return findings;
    }

    /** Checks again by a reader that saw nothing of the storm, then compares the versions with an undisturbed worker's. */
    List<String> audit() throws Exception {
        List<String> findings = new ArrayList<>();
        int images = load.images();
        int labels = load.labels();
        try (Ledger fresh = new Ledger(cluster.bootstrap(), cluster.topics())) {
            Patience patience = new Patience(STALL);
            long begin = System.nanoTime();
            do {
                LockSupport.parkNanos(TICK.toNanos());
                findings = fresh.ask(facts -> Checker.findingsOfLate(facts, load.acknowledged()));
            } while ((!findings.isEmpty() || !complete(fresh, images, labels))
                    && System.nanoTime() - begin < READ_AGAIN.toNanos()
                    && patience.lasts(-fresh.ask(Facts::size)));
            Facts.Chain kept = fresh.ask(Facts::chain);
            Facts.Chain made = ledger.ask(Facts::chain);
            int trained = fresh.ask(facts -> facts.trained.size());
            Facts.Chain undisturbed =
                    Undisturbed.versions(cluster, ledger.ask(facts -> List.copyOf(facts.batchRecords)), ADAPT, trained);
            if (!made.made().equals(undisturbed.made())) {
                findings.add("the version chain differs from an undisturbed run's: " + made.made() + " and "
                        + undisturbed.made());
            }
            if (!kept.kept().equals(undisturbed.kept())) {
                findings.add("the versions that are kept differ from an undisturbed run's: " + kept.kept() + " and "
                        + undisturbed.kept());
            }
        }
        return findings;
    }

    private static boolean complete(Ledger ledger, int images, int labels) {
        return ledger.ask(facts -> facts.images.size() == images && facts.labels.size() == labels);
    }

    /** How much was checked. */
    Map<String, Integer> figures() {
        return ledger.ask(facts -> {
            Map<String, Integer> figures = new TreeMap<>();
            figures.put("images", facts.images.size());
            figures.put("predictions", facts.predictions.size());
            figures.put("labels", facts.labels.size());
            figures.put(
                    "labels joined",
                    facts.batches.stream().mapToInt(Facts.Batch::joined).sum());
            figures.put("labels without an image", (int) facts.deadLetters.stream()
                    .filter(each -> each.reason().equals("MISSING_PIXELS"))
                    .count());
            figures.put("dead letters", facts.deadLetters.size());
            figures.put("mini-batches trained", facts.trained.size());
            figures.put("versions", facts.versions.size());
            figures.put("versions removed", facts.removed.size());
            return figures;
        });
    }

    @Override
    public void close() throws IOException {
        load.close();
        ledger.close();
        cluster.close();
    }
}
