package io.acclimate.app.process;

import io.acclimate.telemetry.Health;
import java.util.function.Supplier;

/** A part of the service that a process starts in order, asks for its health, and closes in reverse order. */
public interface Role extends AutoCloseable {
    String name();

    /** Begins the work that needs no broker, and does not wait for it. Calling it is optional. */
    default void prepare() {}

    void start() throws Exception;

    Health check();

    @Override
    void close();

    /** Work that may throw whatever a start may throw. */
    interface Start {
        void run() throws Exception;
    }

    static Role of(String name, Start start, Supplier<Health> check, Runnable close) {
        return of(name, () -> {}, start, check, close);
    }

    static Role of(String name, Runnable prepare, Start start, Supplier<Health> check, Runnable close) {
        return new Role() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void prepare() {
                prepare.run();
            }

            @Override
            public void start() throws Exception {
                start.run();
            }

            @Override
            public Health check() {
                return check.get();
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
