package io.acclimate.harness;

import io.acclimate.harness.Plan.Fault;
import io.acclimate.harness.Plan.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a plan happen, watches how long each kill is felt downstream, and starts again what ended by itself, as an orchestrator
 * would, but notes it. One thread.
 */
final class Storm {
    private static final long TICK_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration GRACE = Duration.ofSeconds(30);
    /** Of the line that a role writes as soon as it handles SIGTERM itself. */
    private static final String BEGUN = "; settings: ";
    /** 128 and the number of SIGTERM. */
    private static final int TERMINATED = 143;

    private record Step(long atMillis, Runnable action) {}

    private final Cluster cluster;
    private final Ledger ledger;
    private final PriorityQueue<Step> steps = new PriorityQueue<>(Comparator.comparingLong(Step::atMillis));
    /** Killed or stopped on purpose. */
    private final Set<String> down = new HashSet<>();
    /** Faults that are not over. */
    private final Set<Fault> open = new HashSet<>();

    private final List<Recovery> recoveries = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private final Map<Kind, Integer> done = new TreeMap<>();

    Storm(Cluster cluster, Ledger ledger) {
        this.cluster = cluster;
        this.ledger = ledger;
    }

    /** Returns when the last fault is over. */
    void run(Plan plan) {
        plan.faults().forEach(fault -> steps.add(new Step(fault.atMillis(), () -> begin(fault))));
        long began = System.nanoTime();
        while (!steps.isEmpty()) {
            long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            while (!steps.isEmpty() && steps.peek().atMillis() <= millis) {
                steps.remove().action().run();
            }
            reviveTheUnplanned();
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    private void begin(Fault fault) {
        JavaProcess process = cluster.process(fault.name());
        done.merge(fault.kind(), 1, Integer::sum);
        recoveries.forEach(Recovery::share);
        System.err.printf(
                "harness: %tT %s %s, %d ms%n",
                System.currentTimeMillis(), fault.kind(), fault.name(), fault.pauseMillis());
        steps.add(new Step(fault.atMillis() + fault.pauseMillis(), () -> end(fault)));
        switch (fault.kind()) {
            case KILL -> {
                down.add(fault.name());
                process.kill();
                watch(fault);
            }
            case TERMINATE -> {
                down.add(fault.name());
                process.terminate();
            }
            case FREEZE -> process.pause();
            case CUT -> cluster.proxy(fault.name()).cut();
            case STALL -> cluster.proxy(fault.name()).stall();
        }
        open.add(fault);
    }

    private void end(Fault fault) {
        open.remove(fault);
        JavaProcess process = cluster.process(fault.name());
        switch (fault.kind()) {
            case KILL -> start(process);
            case TERMINATE -> {
                stopped(process);
                start(process);
            }
            case FREEZE -> process.resume();
            case CUT, STALL -> cluster.proxy(fault.name()).pass();
        }
    }

    private void start(JavaProcess process) {
        process.start();
        down.remove(process.name());
    }

    private void stopped(JavaProcess process) {
        try {
            if (!process.awaitExit(GRACE)) {
                findings.add(process.name() + " did not end within " + GRACE + " of SIGTERM");
                process.kill();
            } else if (!isRight(process.exitCode().orElse(-1), process.said(BEGUN))) {
                findings.add(process.name() + " ended with " + process.exitCode() + " on SIGTERM");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether a process may end so on SIGTERM. A role that has begun ends in order, with 0, whatever it was doing. Before that there is only a JVM
     * that loads classes: it has opened nothing that an orderly end would close, and its default is right, which is to end at once and to say
     * by the code that it was the signal. An orchestrator takes both for what it asked for, and 0 would claim that a role had run.
     */
    static boolean isRight(int exitCode, boolean begun) {
        return exitCode == 0 || (exitCode == TERMINATED && !begun);
    }

    private void reviveTheUnplanned() {
        Set<String> all = new HashSet<>(cluster.names());
        all.add(Cluster.BROKER);
        for (String name : all) {
            JavaProcess process = cluster.process(name);
            if (!down.contains(name) && !process.alive()) {
                findings.add(name + " ended by itself with " + process.exitCode() + ": see " + process.log());
                process.start();
            }
        }
    }

    private void watch(Fault fault) {
        Recovery recovery = Recovery.after(fault.name(), fault.away(), cluster);
        if (!open.isEmpty() || recoveries.stream().anyMatch(each -> each.took().isEmpty())) {
            recovery.share();
        }
        recoveries.add(recovery);
        ledger.watch(recovery);
    }

    List<Recovery> recoveries() {
        return recoveries;
    }

    /** What processes did that nobody asked for. */
    List<String> findings() {
        return findings;
    }

    /** How many of each kind were done. */
    Map<Kind, Integer> done() {
        return done;
    }
}
