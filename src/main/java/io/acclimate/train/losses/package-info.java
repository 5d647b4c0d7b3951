/**
 * The terms of the loss that compare rows: answers with labels and with other answers, features of one domain with those of the other.
 *
 * <p>In: DJL's NDArrays of one step. Out: a scalar that autograd can differentiate. Threads: the trainer's. Owns: nothing; arrays belong
 * to the manager of the step.
 */
@NullMarked
package io.acclimate.train.losses;

import org.jspecify.annotations.NullMarked;
