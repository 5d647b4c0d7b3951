package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.harness.Plan.Fault;
import io.acclimate.harness.Plan.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The short form: one service under load, and one fault after the other. After each, all that was sent since the beginning must
 * have been answered once. The processes and the load are shared, since each takes seconds to start; the order matters only for
 * the last test, which compares all versions with those of an undisturbed worker.
 */
@Tag("harness")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashHarnessIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final List<String> ROLES = List.of("serve-a", "serve-b", "minibatch-a", "adapt-a");

    private Path folder;
    private Run<Cluster> run;

    @BeforeAll
    void start() throws Exception {
        folder = Files.createTempDirectory("acclimate-harness");
        System.err.println("harness: logs in " + folder);
        run = Run.ofOneBroker(folder, 1, ROLES, 40, 10);
        run.awaitFlow();
    }

    @AfterAll
    void stop() throws Exception {
        run.close();
    }

    @Test
    @Order(1)
    void fault01ServingKilledAgainAndAgainUnderLoadAnswersEachImageOnceAndInOrder() throws Exception {
        storm(kills(6, "serve-a", "serve-b"));
    }

    @Test
    @Order(2)
    void fault02AfterTheBrokerWasKilledAndRestartedWorkResumesByItself() throws Exception {
        storm(kills(2, Cluster.BROKER));
    }

    @Test
    @Order(3)
    void fault03AfterMoreThanAMinuteWithoutBrokersUnderLoadRolesRecoverAlone() throws Exception {
        run.cluster().process(Cluster.BROKER).kill();
        long away = System.nanoTime();
        for (String role : ROLES) {
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(run.cluster().health(role).live().code()).isEqualTo(200));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(run.cluster().health(role).ready())
                            .as(role)
                            .matches(answer -> answer.code() == 503));
        }
        // All that a client gives up after a minute has given up then.
        await().atMost(LIMIT)
                .until(() -> System.nanoTime() - away > Duration.ofSeconds(65).toNanos());
        for (String role : ROLES) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            run.cluster().health(role).live().code())
                    .as(role)
                    .isEqualTo(200));
            assertThat(run.cluster().health(role).ready().text()).as(role).isNotBlank();
            assertThat(run.cluster().process(role).alive()).as(role).isTrue();
        }

        run.cluster().process(Cluster.BROKER).start();

        assertThat(run.settle()).isEmpty();
        run.load().resume();
        for (String role : ROLES) {
            await().atMost(LIMIT).until(() -> run.cluster().health(role).ready().code() == 200);
        }
    }

    @Test
    @Order(4)
    void fault04OfTwoProcessesOfOneNameTheOlderIsFencedAndNothingIsDoubled() throws Exception {
        try (JavaProcess serving = run.cluster().twin("serve-a");
                JavaProcess adapting = run.cluster().twin("adapt-a")) {
            serving.start();
            adapting.start();
            await().atMost(LIMIT).until(() -> Files.readString(
                            run.cluster().process("serve-a").log())
                    .contains("was fenced"));
        }
        restart("serve-a");
        restart("adapt-a");
        settled();
    }

    @Test
    @Order(5)
    void fault05AMemberThatTheGroupGaveUpCommitsNothingWhenItComesBack() throws Exception {
        storm(List.of(
                new Fault(0, "serve-a", Kind.FREEZE, 12_000),
                new Fault(500, "adapt-a", Kind.FREEZE, 12_000),
                new Fault(1_000, "minibatch-a", Kind.FREEZE, 12_000),
                new Fault(14_000, "serve-b", Kind.STALL, 9_000)));
    }

    @Test
    @Order(6)
    void fault24SigtermUnderLoadEndsEachRoleWithinTheGraceTimeAndLosesNothing() throws Exception {
        storm(List.of(
                new Fault(0, "serve-a", Kind.TERMINATE, 200),
                new Fault(300, "adapt-a", Kind.TERMINATE, 200),
                new Fault(600, "minibatch-a", Kind.TERMINATE, 200)));
    }

    @Test
    @Order(7)
    void fault07AdaptationKilledAnywhereMakesTheVersionsOfAnUndisturbedRun() throws Exception {
        storm(kills(3, "adapt-a", "minibatch-a"));
        int versions = run.ledger().ask(facts -> facts.versions.size());
        assertThat(versions).isPositive();
        assertThat(run.settle()).isEmpty();
        assertThat(run.audit()).isEmpty();
    }

    /** Close enough together that some hit a process that has hardly begun. */
    private static List<Fault> kills(int count, String... names) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Fault(i * 5_000L, names[i % names.length], Kind.KILL, 200))
                .toList();
    }

    private void storm(List<Fault> faults) throws Exception {
        Storm storm = new Storm(run.cluster(), run.ledger());
        storm.run(new Plan(0, faults));
        storm.recoveries().forEach(each -> each.await(LIMIT));
        settled();
        assertThat(storm.findings()).isEmpty();
        Report.print(storm.recoveries());
    }

    private void restart(String name) {
        run.cluster().process(name).kill();
        run.cluster().process(name).start();
    }

    private void settled() throws Exception {
        List<String> findings = new ArrayList<>(run.settle());
        System.err.println("harness: checked " + run.figures());
        assertThat(findings).as("logs in %s", folder).isEmpty();
        run.load().resume();
    }
}
