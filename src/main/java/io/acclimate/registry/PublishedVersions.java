package io.acclimate.registry;

import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import java.util.List;
import java.util.Optional;

/** The versions that were published, to be looked up one at a time. */
public interface PublishedVersions {
    /** Empty when no such version was published, or when it is not kept any more. */
    Optional<ModelVersion> find(VersionId id);

    /** Says for people why {@link #find} found nothing: the version was removed by retention, or never was. */
    default String absence(VersionId id) {
        return "there is no version " + id;
    }

    /** All versions of a domain that are kept, in the order of their numbers. */
    List<ListedVersion> listed(DomainId domain);

    /** The weights of a version, or why they cannot be used. */
    Fetched fetch(ModelVersion version);
}
