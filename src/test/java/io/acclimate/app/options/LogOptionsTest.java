package io.acclimate.app.options;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class LogOptionsTest {
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @AfterEach
    void restore() {
        System.setErr(err);
        System.clearProperty(LogOptions.PROPERTY);
        Configurator.reconfigure();
    }

    private String logged(String... arguments) {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        Configurator.reconfigure();
        LogOptions options = new LogOptions();
        CommandSpec command = CommandSpec.create().addMixin("logs", CommandSpec.forAnnotatedObject(options));
        new CommandLine(command).parseArgs(arguments);
        options.apply();
        LoggerFactory.getLogger("io.acclimate.Test").warn("one \"line\"");
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void jsonIsOneObjectALineWithTimeLevelAndMessage() throws Exception {
        JsonNode line = new ObjectMapper().readTree(logged("--log-format=JSON"));

        assertThat(line.path("message").asText()).isEqualTo("one \"line\"");
        assertThat(line.path("log.level").asText()).isEqualTo("WARN");
        assertThat(line.path("@timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    }

    @Test
    void whatALibraryLogsByJavaUtilLoggingIsJsonToo() throws Exception {
        logged("--log-format=JSON");
        written.reset();

        Logger.getLogger("io.opentelemetry.Exporter").log(Level.SEVERE, "Failed to export {0}", new Object[] {"spans"});

        JsonNode line = new ObjectMapper().readTree(written.toString(StandardCharsets.UTF_8));
        assertThat(line.path("message").asText()).isEqualTo("Failed to export spans");
        assertThat(line.path("log.level").asText()).isEqualTo("ERROR");
        assertThat(line.path("log.logger").asText()).isEqualTo("io.opentelemetry.Exporter");
    }

    @Test
    void textHasDateAndZone() {
        assertThat(logged())
                .matches("(?s)\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}(Z|[+-]\\d\\d:\\d\\d) WARN +Test - one \"line\"\\s+");
    }
}
