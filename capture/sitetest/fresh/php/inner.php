<frameset cols="50%,50%"><frame src="leaf.php?side=l"><frame src="leaf.php?side=r"></frameset>
