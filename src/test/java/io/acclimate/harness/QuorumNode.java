package io.acclimate.harness;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The process of a broker that is one of several: {@code CLUSTER-ID NAME=VALUE...}. Formats its folder at its first start. SIGTERM
 * ends it in order.
 */
final class QuorumNode {
    private QuorumNode() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> properties = Arrays.stream(args)
                .skip(1)
                .map(each -> each.split("=", 2))
                .collect(Collectors.toMap(each -> each[0], each -> each[1]));
        String folder = properties.get("log.dirs");
        if (Files.notExists(Path.of(folder, "meta.properties"))) {
            Files.createDirectories(Path.of(folder));
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(Integer.parseInt(properties.get("node.id")))
                    .setClusterId(args[0])
                    .addDirectory(folder)
                    .setMetadataLogDirectory(folder)
                    .setControllerListenerName(properties.get("controller.listener.names"))
                    .run();
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.shutdown();
            server.awaitShutdown();
        }));
        server.startup();
        server.awaitShutdown();
    }
}
