"""Music that code composes, arranges, sings and renders, to train networks on."""
