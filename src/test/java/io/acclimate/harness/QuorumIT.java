package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Three brokers, of which one is killed, all are rolled, and then two are killed at once, under load. After each, all that was sent
 * since the beginning must have been answered once, and at the end the versions must be those of an undisturbed worker.
 */
@Tag("harness-long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuorumIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final List<String> ROLES = List.of("serve-a", "minibatch-a", "adapt-a");

    private Path folder;
    private Run<Quorum> run;

    @BeforeAll
    void start() throws Exception {
        folder = Files.createTempDirectory("acclimate-quorum");
        System.err.println("harness: logs in " + folder);
        run = Run.ofThreeBrokers(folder, 1, ROLES, 60, 20);
        run.awaitFlow();
        run.cluster().awaitInSync();
    }

    @AfterAll
    void stop() throws Exception {
        run.close();
    }

    @Test
    @Order(1)
    void eachBrokerKilledInTurnCostsNothing() throws Exception {
        for (String each : Quorum.BROKERS) {
            run.cluster().process(each).kill();
            awaitWork(each);
            run.cluster().process(each).start();
            run.cluster().awaitInSync();
        }

        settled();
    }

    @Test
    @Order(2)
    void rollingAllBrokersCostsNothing() throws Exception {
        for (String each : Quorum.BROKERS) {
            JavaProcess broker = run.cluster().process(each);
            broker.terminate();
            assertThat(broker.awaitExit(LIMIT)).as("%s ends", each).isTrue();
            broker.start();
            run.cluster().awaitInSync();
        }

        settled();
    }

    @Test
    @Order(3)
    void withoutAQuorumEachRoleSaysThatNothingIsCommittedAndThenGoesOnByItself() throws Exception {
        List<String> lost = Quorum.BROKERS.subList(1, 3);
        long since = System.nanoTime();
        lost.forEach(each -> run.cluster().process(each).kill());

        for (String role : ROLES) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            run.cluster().health(role).ready().code())
                    .as(role)
                    .isEqualTo(503));
            System.err.printf(
                    Locale.ROOT,
                    "harness: %s is not ready %.1f s after the quorum was lost: %s%n",
                    role,
                    (System.nanoTime() - since) / 1e9,
                    run.cluster().health(role).ready().text());
            assertThat(run.cluster().health(role).live().code()).as(role).isEqualTo(200);
        }
        lost.forEach(each -> run.cluster().process(each).start());
        run.cluster().awaitInSync();

        settled();
        for (String role : ROLES) {
            await().atMost(LIMIT).until(() -> run.cluster().health(role).ready().code() == 200);
        }
        assertThat(run.settle()).isEmpty();
        assertThat(run.audit()).as("logs in %s", folder).isEmpty();
    }

    /** Until each role has done something newer than now. */
    private void awaitWork(String cause) {
        for (String role : ROLES) {
            Recovery recovery = Recovery.after(role, false, run.cluster());
            run.ledger().watch(recovery);
            System.err.printf(
                    Locale.ROOT,
                    "harness: %s works %.1f s after %s was killed%n",
                    role,
                    recovery.await(LIMIT).toMillis() / 1e3,
                    cause);
        }
    }

    private void settled() throws Exception {
        List<String> findings = run.settle();
        System.err.println("harness: checked " + run.figures());
        assertThat(findings).as("logs in %s", folder).isEmpty();
        run.load().resume();
    }
}
