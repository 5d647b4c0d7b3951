package io.acclimate.app.role;

import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * Sends all logs of this JVM to a file, in more detail than the shipped configuration does: ours whole, what the Kafka clients do and
 * log of their settings, the rest from INFO. Closing it brings the shipped configuration back.
 */
final class CapturedLog implements AutoCloseable {
    CapturedLog(Path file) {
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.add(builder.newAppender("file", "File")
                .addAttribute("fileName", file.toString())
                .add(builder.newLayout("PatternLayout").addAttribute("pattern", "%-5level %c - %msg%n%throwable")));
        builder.add(builder.newLogger("io.acclimate", Level.ALL));
        builder.add(builder.newLogger("org.apache.kafka.clients", Level.DEBUG));
        builder.add(builder.newLogger("org.apache.kafka.common.security", Level.ALL));
        builder.add(builder.newRootLogger(Level.INFO).add(builder.newAppenderRef("file")));
        Configurator.reconfigure(builder.build());
    }

    @Override
    public void close() {
        LoggerContext.getContext(false).reconfigure();
    }
}
