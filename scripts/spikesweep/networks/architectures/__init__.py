"""The named architectures: one module each, found by its name.

To add one, add a file here. It defines

- `build(images, classes, *, ...)`: from a tensor of images to the tensor of logits. Its keyword
  arguments are the options that a config may give. Their defaults say what a value may be: a
  whole number, yes or no, a share (at least 0, less than 1), or a list with one whole number for
  each layer or stage (all lists of one architecture are equally long). Whole numbers are above 0,
  except in a list whose default has a 0.
- `KIND`: `dense`, `convolutional`, `residual` or `other`. It decides which claims the findings
  judge on the network, see `spikesweep.networks.kinds`.

Use only layers that NengoDL converts natively, and name them, because the study chooses layers by
name. The layer that owns a ReLU is the one that spikes: `conv1`, or `conv1_relu` where batch
normalisation comes between. Dropout follows each ReLU, during training only. Import Keras inside
`build`: the Snakefile reads the options of every architecture in use at each start.

An edit of one module retrains only the networks that use it. So only
`spikesweep.networks.registry` may load these modules, and it does so by name. What they share is in
`spikesweep.networks.blocks`; an edit there retrains the networks of all that import it.
"""
