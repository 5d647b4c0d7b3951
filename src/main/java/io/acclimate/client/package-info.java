/**
 * A Java client of a running service, for those who do not want to speak Kafka: it sends images and labels, reads predictions and waits for
 * a version.
 *
 * <p>In: image files, class names, and the properties of a Kafka client. Out: records as {@code schemas/README.md} describes them for every
 * client, and {@link io.acclimate.core.Prediction}. It adds nothing to the contract, and no other room uses it.
 *
 * <p>Threads: any number may share an {@link io.acclimate.client.AcclimateClient}; a {@link io.acclimate.client.PredictionReader} has one.
 * Owns a producer for each client and a consumer for each reader. What is public here changes only compatibly, as the topics do.
 */
@NullMarked
package io.acclimate.client;

import org.jspecify.annotations.NullMarked;
