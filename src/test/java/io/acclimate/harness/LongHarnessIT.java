package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills, freezes, stops and cuts off every role and the broker under load, as often as {@code -Dharness.kills} says, then checks
 * all that was ever sent. {@code -Dharness.seed} repeats a plan.
 */
@Tag("harness-long")
class LongHarnessIT {
    private static final List<String> ROLES =
            List.of("serve-a", "serve-b", "minibatch-a", "minibatch-b", "adapt-a", "adapt-b");

    @Test
    void losesNothingAndDoublesNothingOverTheWholeStorm() throws Exception {
        int kills = Integer.getInteger("harness.kills", 100);
        long seed = Long.getLong("harness.seed", System.nanoTime());
        Plan plan = Plan.of(seed, kills, ROLES);
        Path folder = Files.createTempDirectory("acclimate-harness");
        System.err.printf(
                "harness: seed %d, %d faults, %d kills, %d s, logs in %s%n",
                seed, plan.faults().size(), kills, plan.lengthMillis() / 1000, folder);
        try (Run<Cluster> run = Run.ofOneBroker(folder, seed, ROLES, Integer.getInteger("harness.images", 60), 20)) {
            run.awaitFlow();
            Storm storm = new Storm(run.cluster(), run.ledger());
            storm.run(plan);
            List<String> findings = run.settle();
            findings.addAll(storm.findings());
            Report.print(run, storm);
            System.err.println("harness: before the audit: " + findings);
            findings.addAll(run.audit());
            System.err.println("harness: findings: " + findings);
            assertThat(findings).as("seed %d, logs in %s", seed, folder).isEmpty();
        }
    }
}
