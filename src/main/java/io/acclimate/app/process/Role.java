package io.acclimate.app.process;

import io.acclimate.telemetry.Health;
import java.util.function.Supplier;

/** A part of the service as the process sees it: started in order, asked for its health, closed in reverse order. */
public interface Role extends AutoCloseable {
    String name();

    /** Begins what needs no broker, without waiting for it. May be left out. */
    default void prepare() {}

    void start() throws Exception;

    Health check();

    @Override
    void close();

    /** Work that may fail in any way that a start can. */
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
