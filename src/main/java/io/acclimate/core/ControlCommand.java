package io.acclimate.core;

/** An operator's command to the worker that owns a domain. The event that answers it has the same {@code id}. */
public sealed interface ControlCommand {
    String id();

    DomainId domain();

    /** Makes an existing version active. */
    record Activate(String id, DomainId domain, long version) implements ControlCommand {}

    /** Makes the version active that was active before the current one. */
    record Rollback(String id, DomainId domain) implements ControlCommand {}

    /** Stops training. Serving continues. */
    record Pause(String id, DomainId domain) implements ControlCommand {}

    record Resume(String id, DomainId domain) implements ControlCommand {}

    /** Retention must keep the version. */
    record Pin(String id, DomainId domain, long version) implements ControlCommand {}

    /** Retention may remove the version again. */
    record Unpin(String id, DomainId domain, long version) implements ControlCommand {}

    /**
     * Writes a note to a version, in place of the one that it has.
     *
     * @param text at most {@value #LONGEST_NOTE} characters; empty takes the note away
     */
    record Note(String id, DomainId domain, long version, String text) implements ControlCommand {
        public Note {
            if (text.length() > LONGEST_NOTE) {
                throw new IllegalArgumentException(
                        "a note has at most " + LONGEST_NOTE + " characters, got " + text.length());
            }
        }
    }

    /**
     * Removes the domain: its versions, its state and the samples that are kept of it. The source model serves it then, and a mini-batch that
     * comes later begins it anew.
     *
     * @param reason who asks for it and why, at most {@value #LONGEST_NOTE} characters; may be empty
     */
    record Retire(String id, DomainId domain, String reason) implements ControlCommand {
        public Retire {
            if (reason.length() > LONGEST_NOTE) {
                throw new IllegalArgumentException(
                        "a reason has at most " + LONGEST_NOTE + " characters, got " + reason.length());
            }
        }
    }

    int LONGEST_NOTE = 1_000;
}
