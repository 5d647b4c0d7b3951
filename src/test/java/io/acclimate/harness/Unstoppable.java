package io.acclimate.harness;

import io.acclimate.app.process.Shutdown;

/** A process that is asked to stop, and does not. */
final class Unstoppable {
    private Unstoppable() {}

    /** Prints "started", and "asked" once it was asked. */
    public static void main(String[] args) throws InterruptedException {
        try (Shutdown shutdown = new Shutdown()) {
            System.out.println("started");
            shutdown.await();
            System.out.println("asked");
            Thread.currentThread().join();
        }
    }
}
