package io.acclimate.harness;

import io.acclimate.broker.EmbeddedBroker;
import io.acclimate.broker.EmbeddedBrokerSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The broker's process: {@code FOLDER PORT NAME=VALUE...}. Runs until it is killed. */
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> overrides = Arrays.stream(args)
                .skip(2)
                .map(each -> each.split("=", 2))
                .collect(Collectors.toMap(each -> each[0], each -> each[1]));
        var settings = new EmbeddedBrokerSettings(Path.of(args[0]), Integer.parseInt(args[1]), overrides);
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            System.out.println("serves at " + broker.bootstrapServers());
            Thread.currentThread().join();
        }
    }
}
