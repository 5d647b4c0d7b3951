/**
 * What the answers of the weights in training say, each given before the sample is trained on: which temperature their confidence needs,
 * and how many labels are random.
 *
 * <p>In: raw outputs and labels of scored samples. Out: a temperature, a share of random labels. Threads: the worker's alone. Owns
 * nothing; its state is part of the domain's checkpoint.
 */
@NullMarked
package io.acclimate.adapt.answers;

import org.jspecify.annotations.NullMarked;
