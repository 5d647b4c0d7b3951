package io.acclimate.core;

import java.util.regex.Pattern;

/** Which target domain a record belongs to: a camera, a site. */
public record DomainId(String value) implements Comparable<DomainId> {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** The domain of records that name none. */
    public static final DomainId DEFAULT = new DomainId("default");

    public DomainId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "a domain id is 1 to 64 of A-Z a-z 0-9 . _ - and starts with a letter or digit, got '" + value
                            + "'");
        }
    }

    public static boolean isValid(String value) {
        return VALID.matcher(value).matches();
    }

    @Override
    public int compareTo(DomainId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
