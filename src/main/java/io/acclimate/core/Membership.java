package io.acclimate.core;

/**
 * The name of a process in its consumer group.
 *
 * @param group the consumer group; all processes of one service share it
 * @param instance tells the processes of a group apart: two live processes never have the same name, and a restart keeps it
 */
public record Membership(String group, String instance) {
    public Membership {
        if (group.isBlank() || instance.isBlank()) {
            throw new IllegalArgumentException(
                    "group and instance must not be blank, got '" + group + "' and '" + instance + "'");
        }
    }

    /** The first instance of {@code group}. */
    public static Membership of(String group) {
        return new Membership(group, "0");
    }

    public Membership withGroup(String name) {
        return new Membership(name, instance);
    }

    public Membership withInstance(String name) {
        return new Membership(group, name);
    }

    /** Names the clients of this process. */
    public String clientId() {
        return group + "-" + instance;
    }
}
