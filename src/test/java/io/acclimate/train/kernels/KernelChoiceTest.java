package io.acclimate.train.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelChoiceTest {
    @TempDir
    Path folder;

    @Test
    void instructionsAreBoundedWhereTheSizesOfTheCachesAreNotKnown() {
        assertThat(KernelChoice.bound("Linux", "amd64", Map.of(), folder.resolve("index0")))
                .hasValue("AVX");
    }

    @Test
    void instructionsStayAsTheyAreWhereTheCachesAreKnown() throws Exception {
        Path caches = Files.createDirectory(folder.resolve("index0"));

        assertThat(KernelChoice.bound("Linux", "amd64", Map.of(), caches)).isEmpty();
    }

    @Test
    void theUsersChoiceStays() {
        Path caches = folder.resolve("index0");

        assertThat(KernelChoice.bound("Linux", "amd64", Map.of("ONEDNN_MAX_CPU_ISA", "AVX2"), caches))
                .isEmpty();
        assertThat(KernelChoice.bound("Linux", "amd64", Map.of("DNNL_MAX_CPU_ISA", "AVX2"), caches))
                .isEmpty();
    }

    @Test
    void otherProcessorsAndSystemsAreNotConcerned() {
        Path caches = folder.resolve("index0");

        assertThat(KernelChoice.bound("Linux", "aarch64", Map.of(), caches)).isEmpty();
        assertThat(KernelChoice.bound("Mac OS X", "x86_64", Map.of(), caches)).isEmpty();
    }
}
