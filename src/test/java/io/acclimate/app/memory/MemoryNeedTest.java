package io.acclimate.app.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class MemoryNeedTest {
    private static final long MIB = 1L << 20;
    private static final MemoryNeed NEED = new MemoryNeed("adapt", 500 * MIB, 900 * MIB, "; or train less");

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
}
