/**
 * Which native convolutions PyTorch computes with on this machine, and whether their gradients are right.
 *
 * <p>In: the environment and the engine. Out: an environment variable of the process, and a fault in words. Threads: any. Owns nothing.
 */
@NullMarked
package io.acclimate.train.kernels;

import org.jspecify.annotations.NullMarked;
