package io.acclimate.core;

/** A model version of one domain. Version 0 is the source model, the same for all domains. */
public record VersionId(DomainId domain, long number) {
    public static final long SOURCE = 0;

    public VersionId {
        if (number < 0) {
            throw new IllegalArgumentException("version numbers start at 0, got " + number);
        }
    }

    @Override
    public String toString() {
        return domain + "/" + number;
    }
}
