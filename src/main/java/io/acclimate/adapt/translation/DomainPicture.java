package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.core.FloatTensor;

/** A picture of the domain, which is changed in one way after the other. What many of them begin with is computed once. One thread. */
@FunctionalInterface
interface DomainPicture {
    /** Its row, changed as {@code how} says. */
    FloatTensor toSource(Translation how, SplitMix64 random);
}
