package io.acclimate.harness;

import java.io.IOException;
import java.util.Arrays;

/** Runs another main class in a process that ends when its parent does, however that ends. */
final class Leash {
    private Leash() {}

    /** {@code MAIN-CLASS ARGUMENTS...}. */
    public static void main(String[] args) throws Exception {
        Thread leash = new Thread(Leash::hold, "leash");
        leash.setDaemon(true);
        leash.start();
        Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(args, 1, args.length));
    }

    private static void hold() {
        try {
            while (System.in.read() >= 0) {
                // The parent says nothing; the end of the stream is the sign.
            }
        } catch (IOException e) {
            System.err.println("the pipe to the parent broke: " + e.getMessage());
        }
        Runtime.getRuntime().halt(9);
    }
}
