/**
 * The command {@code doctor}: looks at everything that a role needs, before the role does, and says what to do about what is wrong.
 *
 * <p>In: the options that the roles take. Out: findings, on the terminal or as JSON. Nothing is created or changed.
 *
 * <p>Threads: all of it runs on the caller's thread. Owns: the wording of findings and remedies. What is right or wrong about topics and
 * brokers is known by {@code kafka}.
 */
@NullMarked
package io.acclimate.app.doctor;

import org.jspecify.annotations.NullMarked;
