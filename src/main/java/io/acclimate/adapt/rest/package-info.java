/**
 * What domains have in memory only while they are trained: their weights in training, and their sessions.
 *
 * <p>In: the domains that are used, one after the other. Out: those that were used least recently are told to rest, which puts what has changed
 * of their weights into a file and closes their sessions; of what they had, they take back what they are asked for, with the same bits.
 *
 * <p>Threads: the worker's. Owns: the file of the resting domains' weights.
 */
@NullMarked
package io.acclimate.adapt.rest;

import org.jspecify.annotations.NullMarked;
