package io.acclimate.app.process;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns SIGTERM and Ctrl-C into an orderly stop: the main thread waits here, closes what it opened, and returns.
 *
 * <p>The JVM does not handle these signals, because it would run all shutdown hooks at once, and ONNX Runtime's hook frees
 * the environment under sessions that still run, which kills the process by a memory fault. This way the sessions are closed
 * before any hook starts. If signals cannot be taken from the JVM, it handles them as usual.
 */
public final class Shutdown implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final Duration GRACE = Duration.ofSeconds(25);
    private static final Duration KILL_WITHIN = Duration.ofSeconds(2);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    public Shutdown() {
        take("TERM");
        take("INT");
    }

    /** Uses reflection, since {@code sun.misc.Signal} is supported, but the compiler warns of it and the warning cannot be turned off. */
    private void take(String signal) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Class<?> type = Class.forName("sun.misc.Signal");
            InvocationHandler stop = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    stop();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> arguments[0] == proxy;
                default -> "stop on " + signal;
            };
            type.getMethod("handle", type, handler)
                    .invoke(
                            type,
                            type.getConstructor(String.class).newInstance(signal),
                            Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {handler}, stop));
        } catch (ReflectiveOperationException e) {
            LOG.warn("signal {} stops the process at once: {}", signal, e.toString());
        }
    }

    /**
     * Ends the process without any more of its code. {@code Runtime.halt} calls the C library's {@code exit}, which runs the destructors of
     * native libraries while a training step still uses them: the process then ends by a memory fault. It is what is left where no shell can
     * send the signal; the JVM raises only signals that it handles.
     */
    private static void kill() {
        try {
            new ProcessBuilder(
                            "sh", "-c", "kill -KILL " + ProcessHandle.current().pid())
                    .start()
                    .waitFor(KILL_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            LOG.debug("no shell sends SIGKILL", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    /** The first signal asks for a stop. A second signal, or the end of the grace time, kills the process. */
    private void stop() {
        if (asked.getCount() == 0) {
            kill();
        }
        asked.countDown();
        Thread watchdog = new Thread(
                () -> {
                    try {
                        if (!closed.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                            LOG.error("not closed within {} s; open transactions will time out", GRACE.toSeconds());
                            kill();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "shutdown-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    public void await() throws InterruptedException {
        asked.await();
    }

    /** Returns true when a stop is asked for within {@code limit}. */
    public boolean await(Duration limit) throws InterruptedException {
        return asked.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
