package io.acclimate.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: the version, the commit that it was built of with its date, the JVM, and the main libraries. */
final class VersionText implements IVersionProvider {
    private static final String UNKNOWN = "unknown";

    @Override
    public String[] getVersion() throws IOException {
        Properties build = new Properties();
        try (InputStream in = VersionText.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                build.load(in);
            }
        }
        return lines(build).toArray(String[]::new);
    }

    static List<String> lines(Properties build) {
        List<String> lines = new ArrayList<>();
        String changed =
                Boolean.parseBoolean(build.getProperty("dirty")) ? ", with changes that are not committed" : "";
        lines.add("acclimate " + value(build, "version"));
        lines.add("commit " + value(build, "commit") + " of " + value(build, "date") + changed);
        lines.add("Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch"));
        for (String library : List.of("Kafka", "ONNX Runtime", "DJL", "PyTorch", "Protobuf")) {
            lines.add(library + " " + value(build, library.replace(" ", "")));
        }
        return lines;
    }

    /** A build without a repository leaves the placeholders of the commit as they are. */
    private static String value(Properties build, String key) {
        String value = build.getProperty(key, UNKNOWN);
        return value.isBlank() || value.startsWith("${") ? UNKNOWN : value;
    }
}
