package io.acclimate.app.process;

import io.acclimate.telemetry.Health;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The roles of one process. The thread that made the node calls it; {@link #close} may come from a shutdown hook. */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final List<Role> roles;
    private final Deque<Role> started = new ArrayDeque<>();
    private final NativeHeap nativeHeap = NativeHeap.ofThisProcess();

    public Node(List<Role> roles) {
        this.roles = List.copyOf(roles);
    }

    /** Prepares the roles. It is called before {@link #start}, while the process waits for brokers. */
    public void prepare() {
        for (Role role : roles) {
            opens(role);
            role.prepare();
        }
    }

    /** Starts the roles in order. If one fails, the roles that were started are closed, and the failure is thrown. */
    public void start() throws Exception {
        nativeHeap.start();
        try {
            for (Role role : roles) {
                opens(role);
                role.start();
            }
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void opens(Role role) {
        synchronized (started) {
            if (!started.contains(role)) {
                started.push(role);
            }
        }
    }

    public Map<String, Supplier<Health>> checks() {
        Map<String, Supplier<Health>> checks = new LinkedHashMap<>();
        roles.forEach(role -> checks.put(role.name(), role::check));
        return checks;
    }

    /** Names what the process still waits for; nothing when all roles are ready. */
    public List<String> waitingFor() {
        List<String> waiting = new ArrayList<>();
        for (Role role : roles) {
            if (role.check() instanceof Health.NotReady notReady) {
                waiting.add(role.name() + ": " + notReady.waitingFor());
            }
        }
        return waiting;
    }

    /** What the roles that are ready want an operator to look at. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        for (Role role : roles) {
            if (role.check() instanceof Health.Ready ready) {
                ready.remarks().forEach(remark -> remarks.add(role.name() + ": " + remark));
            }
        }
        return remarks;
    }

    @Override
    public void close() {
        nativeHeap.close();
        synchronized (started) {
            while (!started.isEmpty()) {
                Role role = started.pop();
                try {
                    role.close();
                } catch (RuntimeException e) {
                    // The other roles must be closed nevertheless: an open transaction would block readers for a
                    // minute.
                    LOG.warn("{} did not close cleanly", role.name(), e);
                }
            }
        }
    }
}
