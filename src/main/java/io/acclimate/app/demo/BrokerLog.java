package io.acclimate.app.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that keeps what Kafka warns of during a demo, since an embedded broker that has just started warns of much that passes by
 * itself. The logging configuration writes to the file that the system property names; without the property, warnings go where those of
 * a service go.
 */
public final class BrokerLog {
    static final String PROPERTY = "acclimate.log.file";

    private BrokerLog() {}

    /** Names a new file. It must be called before anything is logged. */
    public static void begin() {
        try {
            System.setProperty(
                    PROPERTY, Files.createTempFile("acclimate-demo", ".log").toString());
        } catch (IOException e) {
            System.err.println(
                    "Kafka's warnings are shown here, because no file can be made for them: " + e.getMessage());
        }
    }

    /** Names the file if there is anything in it, and else deletes it. */
    static void say(PrintStream screen) {
        String name = System.getProperty(PROPERTY, "");
        if (name.isEmpty()) {
            return;
        }
        Path file = Path.of(name);
        try {
            if (Files.size(file) > 0) {
                screen.println();
                screen.println("What Kafka warned of is in " + file);
            } else {
                Files.delete(file);
            }
        } catch (IOException e) {
            screen.println("cannot look at " + file + ": " + e.getMessage());
        }
    }
}
