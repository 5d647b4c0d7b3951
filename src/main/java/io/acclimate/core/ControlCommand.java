package io.acclimate.core;

/** An operator's verb, sent to the worker that owns the domain. {@code id} names its answer among the events. */
public sealed interface ControlCommand {
    String id();

    DomainId domain();

    /** Make an existing version active. */
    record Activate(String id, DomainId domain, long version) implements ControlCommand {}

    /** Make the version active that was active before the current one. */
    record Rollback(String id, DomainId domain) implements ControlCommand {}

    /** Stop training; serving goes on. */
    record Pause(String id, DomainId domain) implements ControlCommand {}

    record Resume(String id, DomainId domain) implements ControlCommand {}
}
