/**
 * Imports what people labelled in a labelling tool: {@code label import}.
 *
 * <p>In: an export of Label Studio, COCO (CVAT), FiftyOne or a CSV, and the model's classes. Out: a report of what matched and what did
 * not, and a record on {@code labels} for each image, by its id. A reader for each format gives
 * {@link io.acclimate.app.labels.Marking}s, {@link io.acclimate.app.labels.ImportPlan} decides what becomes of them, and
 * {@link io.acclimate.app.labels.LabelSender} sends. Only the sender knows Kafka. One thread.
 */
@NullMarked
package io.acclimate.app.labels;

import org.jspecify.annotations.NullMarked;
