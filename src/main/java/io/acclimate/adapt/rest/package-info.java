/**
 * What domains have in memory only while they are trained: their weights in training, and their sessions.
 *
 * <p>In: the domains that are used, one after the other. Out: those that were used least recently are told to rest, which puts their
 * weights into a file and closes their sessions; they wake when they are used again, with the same bits.
 *
 * <p>Threads: the worker's. Owns: the file of the resting domains' weights.
 */
@NullMarked
package io.acclimate.adapt.rest;

import org.jspecify.annotations.NullMarked;
