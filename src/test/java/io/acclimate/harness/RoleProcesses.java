package io.acclimate.harness;

import io.acclimate.wire.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes the processes of roles, which do not run yet.
 *
 * @param folder has their logs and state
 * @param options more options, by role
 */
record RoleProcesses(Path folder, Topics topics, Map<String, List<String>> options) {
    private static final String APP = "io.acclimate.app.Main";
    private static final int HEAP_MEGABYTES = 512;

    RoleProcesses {
        options = Map.copyOf(options);
    }

    /** @param name ROLE-INSTANCE */
    JavaProcess role(String name, String log, String bootstrap, int httpPort) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                role(name),
                "--bootstrap=" + bootstrap,
                "--topic-prefix=" + topics.prefix(),
                "--instance=" + name.substring(name.indexOf('-') + 1),
                "--image-partitions=" + Deployment.IMAGE_PARTITIONS,
                "--http-port=" + httpPort));
        if (role(name).equals("minibatch")) {
            arguments.add("--state-dir=" + folder.resolve("state"));
        }
        arguments.addAll(options.getOrDefault(role(name), List.of()));
        return new JavaProcess(log, folder, HEAP_MEGABYTES, APP, arguments);
    }

    /** An {@code adapt} of other topics. */
    JavaProcess undisturbed(String bootstrap, Topics others, List<String> more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "adapt",
                "--bootstrap=" + bootstrap,
                "--topic-prefix=" + others.prefix(),
                "--instance=undisturbed",
                "--http-port=none"));
        arguments.addAll(more);
        return new JavaProcess("undisturbed", folder, HEAP_MEGABYTES, APP, arguments);
    }

    static String role(String name) {
        return name.substring(0, name.indexOf('-'));
    }
}
