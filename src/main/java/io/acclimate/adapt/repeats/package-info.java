/**
 * Which pictures had a label before, under whatever id: what a network answers to a picture that it was trained on shows what it knows by
 * heart.
 *
 * <p>In: the digests of labelled pictures. Out: whether one came before. Threads: the worker's alone. Owns nothing; its state is part of
 * the domain's checkpoint.
 */
@NullMarked
package io.acclimate.adapt.repeats;

import org.jspecify.annotations.NullMarked;
