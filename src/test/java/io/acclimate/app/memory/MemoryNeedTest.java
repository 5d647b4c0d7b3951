package io.acclimate.app.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class MemoryNeedTest {
    private static final long MIB = 1L << 20;
    private static final MemoryNeed NEED = new MemoryNeed("adapt", 500 * MIB, 900 * MIB, "; or train less");

    private static final Pattern ADVICE = Pattern.compile(
            "-Xmx(?<heap>[0-9]+)m(?: and give it (?<with>[0-9]+) MiB)?(?:, or give it (?<alone>[0-9]+) MiB)?");

    private static MemoryLimits limits(long heapMib, long processMib) {
        return new MemoryLimits(heapMib * MIB, processMib * MIB);
    }

    @Test
    void whatFitsIsNeitherRefusedNorRemarkedOn() {
        assertThat(NEED.refusal(limits(500, 1_400))).isEmpty();
        assertThat(NEED.warning(limits(500, 1_400))).isEmpty();
    }

    @Test
    void aHeapThatIsTooSmallIsRefusedWithTheFigureAndTheWayOut() {
        assertThat(NEED.refusal(limits(400, 4_000))).hasValueSatisfying(refusal -> assertThat(refusal)
                .contains("adapt needs some 500 MiB of heap", "400 MiB of heap", "-Xmx500m", "train less"));
    }

    @Test
    void aContainerThatIsTooSmallIsRefusedWithTheFigureAndTheWayOut() {
        assertThat(NEED.refusal(limits(750, 1_300))).hasValueSatisfying(refusal -> assertThat(refusal)
                .contains("1300 MiB in all", "give it 1400 MiB", "mem_limit", "train less"));
    }

    @Test
    void aHeapThatMayGrowUntilNothingIsLeftIsRemarkedOn() {
        assertThat(NEED.refusal(limits(750, 1_500))).isEmpty();
        assertThat(NEED.warning(limits(750, 1_500)))
                .hasValueSatisfying(warning -> assertThat(warning).contains("lower -Xmx to 600m"));
    }

    @Test
    void allOfTheHeapCountsWhereALimitIsKept() {
        assertThat(NEED.excess(limits(500, 1_400))).isEmpty();
        assertThat(NEED.excess(limits(750, 1_500))).hasValueSatisfying(excess -> assertThat(excess)
                .contains("may grow to 750 MiB", "1500 MiB in all", "-Xmx600m", "give it 1650 MiB"));
        assertThat(NEED.excess(limits(400, 4_000))).isEqualTo(NEED.refusal(limits(400, 4_000)));
    }

    @Test
    void whereTheHeapIsAShareOfWhatTheProcessHasTheShareOfWhatItWouldHaveCounts() {
        assertThat(NEED.excess(new MemoryLimits(750 * MIB, 1_500 * MIB, 0.5)))
                .hasValueSatisfying(excess -> assertThat(excess).contains("-Xmx600m, or give it 1800 MiB"));
        assertThat(NEED.excess(new MemoryLimits(250 * MIB, 1_000 * MIB, 0.25)))
                .hasValueSatisfying(excess -> assertThat(excess)
                        .contains("-Xmx500m and give it 1400 MiB, or give it 2000 MiB", "train less"));
        assertThat(NEED.excess(new MemoryLimits(1_000 * MIB, 1_000 * MIB, 1)))
                .hasValueSatisfying(excess ->
                        assertThat(excess).contains("give it 1400 MiB").doesNotContain("or give"));
    }

    /** Of {@code up} on the bundled model: odd figures in bytes, and each advice was refused with another. */
    @Test
    void whoDoesWhatIsAdvisedIsNotRefusedAgain() {
        MemoryNeed up = new MemoryNeed("up", 135 * MIB + 77, 654 * MIB + 99, "");
        for (long process = 300; process <= 1_400; process += 7) {
            for (long heap = 20; heap <= 700; heap += 3) {
                for (double share : new double[] {0, Math.min(1, (double) heap / process)}) {
                    assertAdviceHelps(up, new MemoryLimits(heap * MIB, process * MIB, share));
                }
            }
        }
    }

    private static void assertAdviceHelps(MemoryNeed need, MemoryLimits limits) {
        String refusal = need.excess(limits).orElse("");
        Matcher advice = ADVICE.matcher(refusal);
        if (advice.find()) {
            long heap = Long.parseLong(advice.group("heap"));
            long process =
                    advice.group("with") == null ? limits.processBytes() / MIB : Long.parseLong(advice.group("with"));
            assertThat(need.excess(limits(heap + heap % 2, process)))
                    .as(refusal)
                    .isEmpty();
        } else {
            assertThat(refusal).isEmpty();
        }
        if (!refusal.isEmpty() && advice.group("alone") != null) {
            long process = Long.parseLong(advice.group("alone"));
            double share = limits.heapShare();
            long heap = (long) (process * share);
            assertThat(need.excess(
                            share == 0
                                    ? new MemoryLimits(limits.heapBytes(), process * MIB)
                                    : new MemoryLimits((heap + heap % 2) * MIB, process * MIB, share)))
                    .as(refusal)
                    .isEmpty();
        }
    }

    /** This collector keeps a part of the heap to copy into, which Runtime does not count. */
    @Test
    void theHeapIsWhatTheJvmWasGiven(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");
        Path options = Files.writeString(
                folder.resolve("options"),
                "-XX:+UseSerialGC\n-cp\n\""
                        + System.getProperty("java.class.path").replace("\\", "\\\\") + '"');

        assertThat(printed(options, "-Xmx136m", log)).contains("heapBytes=" + 136 * MIB + ",", "heapShare=0.0");
        assertThat(printed(options, "-XX:MaxRAMPercentage=20", log)).containsPattern("heapShare=0\\.(2|19)");
    }

    private static String printed(Path options, String heap, Path log) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "@" + options,
                        Printer.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            return Files.readString(log);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The process. */
    static final class Printer {
        private Printer() {}

        public static void main(String[] args) {
            System.out.println(MemoryLimits.ofThisProcess());
        }
    }

    @Test
    void aContainerHasLessThanItsMachine(@TempDir Path folder) throws Exception {
        Path machine = Files.writeString(folder.resolve("meminfo"), "MemTotal:        2048000 kB\nMemFree: 1 kB\n");

        assertThat(limits(100, 1_999).areOfContainer(machine)).isTrue();
        assertThat(limits(100, 2_000).areOfContainer(machine)).isFalse();
        assertThat(limits(100, 1).areOfContainer(folder.resolve("none"))).isFalse();
        assertThat(limits(100, 1).areOfContainer(Files.writeString(folder.resolve("other"), "")))
                .isFalse();
    }

    @Command
    private static final class Started {
        @Mixin
        final MemoryOption memory = new MemoryOption();
    }

    private static MemoryOption parsed(String... arguments) {
        Started started = new Started();
        new CommandLine(started).parseArgs(arguments);
        return started.memory;
    }

    @Test
    void theOptionTakesTheMachinesPlace() {
        assertThat(parsed("--memory", "1400m").limits().processBytes()).isEqualTo(1_400 * MIB);
        assertThat(parsed("--memory", "2G").limits().processBytes()).isEqualTo(2_048 * MIB);
        assertThat(parsed().limits()).isEqualTo(MemoryLimits.ofThisProcess());
        assertThatThrownBy(() -> parsed("--memory", "1400").limits()).hasMessageContaining("'1400' is no size");
    }

    @Test
    void aStartWithinTheLimitIsAllowedAndOneBeyondItIsNot() {
        MemoryNeed small = new MemoryNeed("serve", MIB, 300 * MIB, "");

        Telemetry telemetry = Telemetry.inMemory();

        assertThatCode(() -> parsed("--memory", "400m").check(small, telemetry)).doesNotThrowAnyException();
        assertThatThrownBy(() -> parsed("--memory", "300m").check(small, telemetry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("give it 301 MiB");
        assertThat(telemetry.total(Meter.MEMORY_LIMIT)).isEqualTo(300 * MIB);
        assertThat(telemetry.total(Meter.MEMORY_NEEDED)).isEqualTo(301 * MIB);
    }

    @Test
    void aProcessOfSeveralRolesIsRefusedOnlyForWhatItIsOfNoUseWithout() {
        MemoryNeed serve = new MemoryNeed("serve", MIB, 300 * MIB, "");
        MemoryNeed whole = new MemoryNeed("up", 2 * MIB, 900 * MIB, "; or train less");
        Telemetry telemetry = Telemetry.inMemory();

        assertThatCode(() -> parsed("--memory", "400m").check(serve, whole, telemetry))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> parsed("--memory", "300m").check(serve, whole, telemetry))
                .hasMessageContaining("serve needs")
                .hasMessageContaining("give it 301 MiB");
        assertThat(telemetry.total(Meter.MEMORY_NEEDED)).isEqualTo(902 * MIB);
    }

    /** Also in a container with a limit, where it started before it counted all that its roles take. */
    @Test
    void allRolesStartWithLessThanTheyMayTakeUnlessTheyWereToldToKeepToIt() {
        MemoryNeed serve = new MemoryNeed("serve", MIB, MIB, "");
        MemoryNeed whole = new MemoryNeed("up", MIB, 1L << 50, "");
        Telemetry telemetry = Telemetry.inMemory();

        assertThatCode(() -> parsed().checkAll(serve, whole, telemetry)).doesNotThrowAnyException();
        assertThatThrownBy(() -> parsed("--memory", "1g").checkAll(serve, whole, telemetry))
                .hasMessageContaining("1024 MiB in all");
    }
}
