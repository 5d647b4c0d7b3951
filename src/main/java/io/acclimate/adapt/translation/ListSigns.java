package io.acclimate.adapt.translation;

import java.util.Optional;

/** Signs of whether a domain's labels are those of a list of classes that is off by one. */
public interface ListSigns {
    ListSigns NONE = new ListSigns() {};

    /** The evidence, while there is any. */
    default Optional<String> shifted() {
        return Optional.empty();
    }

    /** The same once for each time that it begins. */
    default Optional<String> newlyShifted() {
        return Optional.empty();
    }

    /** True where the list is shown to be right, whatever the source model says to pictures as they are. */
    default boolean listIsRight() {
        return false;
    }
}
